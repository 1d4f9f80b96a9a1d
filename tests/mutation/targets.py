"""What is mutated, by the room it belongs to, and which tests are to notice."""

_INBOX = ("tests/bot/test_errands.py", "tests/bot/test_inbox.py", "tests/bot/test_turns.py")
_RENDERING = (
    "tests/bot/test_rendering.py",
    "tests/bot/test_rendered_messages.py",
    "tests/bot/test_amending_messages.py",
)
_PAGES = ("tests/retrieval/corpus/test_articles.py", "tests/retrieval/corpus/test_cleaning.py")
_FOLDER = "tests/retrieval/corpus/test_folder.py"

TARGETS: dict[str, dict[str, tuple[str, ...]]] = {
    "inbox": {
        "bot/delivery/inbox.py": _INBOX,
        "bot/delivery/turns.py": ("tests/bot/test_turns.py",),
        "bot/delivery/errands.py": ("tests/bot/test_errands.py", "tests/bot/test_turns.py"),
        "bot/delivery/receiving.py": ("tests/bot/test_receiving.py",),
        "bot/delivery/fleeting.py": ("tests/bot/test_fleeting.py",),
    },
    "authority": {
        "bot/conversation/rights.py": ("tests/bot/test_addressing.py", "tests/bot/test_reload_reports.py"),
        "bot/conversation/administration.py": ("tests/bot/test_reload_reports.py",),
        "bot/conversation/buttons.py": ("tests/bot/test_buttons.py",),
        "bot/conversation/addressing.py": ("tests/bot/test_addressing.py",),
        "bot/conversation/admission.py": ("tests/bot/test_admission.py",),
        "bot/conversation/limits.py": (
            "tests/bot/test_admission.py",
            *(
                f"tests/bot/test_limits.py::test_{rule}"
                for rule in ("a_question", "a_press", "beyond", "in_a_group", "what_is", "who_turns")
            ),
        ),
    },
    "rendering": {
        "bot/speech/rendering.py": _RENDERING,
        "bot/speech/reports.py": (
            "tests/bot/test_reports.py",
            "tests/bot/test_statistics.py",
            "tests/bot/test_trying.py",
        ),
        "bot/speech/wording.py": ("tests/bot/test_addressing.py",),
    },
    "ingest": {
        "retrieval/corpus/articles.py": (*_PAGES, _FOLDER, "tests/retrieval/corpus/test_docx.py"),
        "retrieval/corpus/cleaning.py": _PAGES,
        "retrieval/corpus/confinement.py": ("tests/retrieval/corpus/test_confinement.py",),
        "retrieval/corpus/credits.py": ("tests/retrieval/corpus/test_credits.py", *_PAGES),
        "retrieval/corpus/dates.py": ("tests/retrieval/corpus/test_dates.py", *_PAGES),
        "retrieval/corpus/docx.py": ("tests/retrieval/corpus/test_docx.py",),
        "retrieval/corpus/encoding.py": ("tests/retrieval/corpus/test_encoding.py",),
        "retrieval/corpus/folder.py": (_FOLDER, "tests/retrieval/corpus/test_hostile_files.py::test_what_is_beyond"),
        "retrieval/corpus/formats.py": ("tests/retrieval/corpus/test_formats.py", *_PAGES),
        "retrieval/corpus/furniture.py": ("tests/retrieval/corpus/test_furniture.py", *_PAGES),
        "retrieval/corpus/pdf.py": ("tests/retrieval/corpus/test_pdf.py",),
        "retrieval/corpus/sidecar.py": ("tests/retrieval/corpus/test_sidecar.py",),
        "retrieval/corpus/submissions.py": ("tests/retrieval/corpus/test_submissions.py",),
        "retrieval/text.py": ("tests/retrieval/test_text.py",),
    },
}
