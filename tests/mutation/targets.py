"""What is mutated, by the room it belongs to, and which tests are to notice."""

_INBOX = ("tests/bot/test_inbox.py", "tests/bot/test_turns.py")
_GROUPS = ("tests/bot/test_authority.py", "tests/bot/test_groups.py", "tests/bot/test_private_chat.py")
_RENDERING = ("tests/bot/test_rendering.py", "tests/bot/test_rendered_messages.py")
_PAGES = (
    "tests/retrieval/corpus/test_cleaning.py",
    "tests/retrieval/corpus/test_credits.py",
    "tests/retrieval/corpus/test_dates.py",
    "tests/retrieval/corpus/test_folder.py",
    "tests/retrieval/corpus/test_furniture.py",
)

TARGETS: dict[str, dict[str, tuple[str, ...]]] = {
    "inbox": {
        "bot/delivery/inbox.py": _INBOX,
        "bot/delivery/turns.py": _INBOX,
        "bot/delivery/errands.py": (*_INBOX, "tests/bot/test_privacy.py"),
        "bot/delivery/receiving.py": ("tests/bot/test_receiving.py",),
    },
    "authority": {
        "bot/conversation/rights.py": _GROUPS,
        "bot/conversation/administration.py": ("tests/bot/test_administration.py", "tests/bot/test_authority.py"),
        "bot/conversation/addressing.py": _GROUPS,
        "bot/conversation/admission.py": (
            "tests/bot/test_limits.py::test_neither",
            "tests/bot/test_limits.py::test_what_gathered",
            "tests/bot/test_groups.py",
        ),
        "bot/conversation/limits.py": ("tests/bot/test_limits.py",),
    },
    "rendering": {
        "bot/speech/rendering.py": _RENDERING,
        "bot/speech/wording.py": _GROUPS,
    },
    "ingest": {
        "retrieval/corpus/articles.py": _PAGES,
        "retrieval/corpus/cleaning.py": _PAGES,
        "retrieval/corpus/confinement.py": _PAGES,
        "retrieval/corpus/credits.py": _PAGES,
        "retrieval/corpus/dates.py": _PAGES,
        "retrieval/corpus/encoding.py": ("tests/retrieval/corpus/test_encoding.py",),
        "retrieval/corpus/folder.py": _PAGES,
        "retrieval/corpus/formats.py": _PAGES,
        "retrieval/corpus/furniture.py": _PAGES,
        "retrieval/corpus/sidecar.py": _PAGES,
        "retrieval/text.py": ("tests/retrieval/test_text.py",),
    },
}
