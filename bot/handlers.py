"""Which update goes where: every handler, in order; the first that fits an update takes it."""

from typing import Any

from telegram.ext import (
    BaseHandler,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from bot.conversation import buttons
from bot.conversation.addressing import ByPeople, CaptionCommand
from bot.conversation.administration import Administration
from bot.conversation.admission import Admission, Handler
from bot.conversation.amending import Amending, change_pattern
from bot.conversation.edits import Edits
from bot.conversation.following import Following
from bot.conversation.greeting import Greeting
from bot.conversation.guests import Guests
from bot.conversation.guide import Guide, language_pattern
from bot.conversation.inline import Inline
from bot.conversation.limits import Limits
from bot.conversation.modes import Modes, mode_pattern
from bot.conversation.privacy import Privacy
from bot.conversation.questions import Questions
from bot.conversation.rights import ByAdministrator
from bot.conversation.sources import Sources, sources_pattern
from bot.conversation.statistics import StatisticsReport
from bot.conversation.trying import Trial
from bot.conversation.unanswered import UnansweredList, unanswered_pattern
from bot.parts import Parts

AnyHandler = BaseHandler[Any, Any, Any]

# Said of every handler, because a text filter alone also lets edits, channel posts and guest messages through.
_BY_PEOPLE = ~filters.IS_AUTOMATIC_FORWARD & ByPeople()
_NEW = filters.UpdateType.MESSAGE & _BY_PEOPLE
_EDITED = filters.UpdateType.EDITED_MESSAGE & _BY_PEOPLE & ~filters.FORWARDED & ~filters.VIA_BOT
_GUESTS = filters.UpdateType.GUEST_MESSAGE & ByPeople()
_PRIVATE, _GROUP = filters.ChatType.PRIVATE, filters.ChatType.GROUPS
_SAID = (filters.TEXT | filters.CAPTION) & ~filters.COMMAND
_FILE = filters.Document.ALL & ~filters.ANIMATION


def handlers(parts: Parts, administration: Administration, amending: Amending) -> list[AnyHandler]:
    """All of them."""
    library, store, outbox = parts.library, parts.store, parts.outbox
    limits, recent = Limits(), parts.recent
    admission = Admission(limits, store, outbox)
    limited = admission.limited
    tally, reader, subject = parts.tally, parts.reader, parts.settings.subject
    questions = Questions(library, store, tally, outbox, recent, reader, subject)
    # With limits of its own: what nobody asked of the bot leaves those who do their questions.
    overheard = Admission(Limits(), store, outbox).limited_in_silence(questions.overheard)
    modes = Modes(store, outbox, limited(questions.asked_in_group), overheard)
    edits = Edits(store, limited(questions.asked_again))
    administrators = ByAdministrator(parts.settings.admins)
    guide = Guide(store, outbox, administrators, parts.settings.ephemeral, subject)
    sources, greeting = Sources(library, store, outbox, reader), Greeting(store, outbox, subject)
    privacy = Privacy(store, parts.backups, outbox, recent, parts.unanswered.days)
    following = Following(library, store, parts.statistics, outbox, questions, reader)
    asked_in_vain = UnansweredList(parts.unanswered, parts.settings.admins, store, outbox)

    def asking(handler: Handler) -> Handler:
        return modes.unless_off(edits.followed(handler))

    def pressing(handler: Handler) -> Handler:
        return modes.unless_off(admission.limited_press(handler))

    by_command = asking(limited(questions.asked_by_command))
    for_administrators = {
        "reload": administration.reload,
        "stats": StatisticsReport(parts.statistics, store, outbox, reader).tell,
        "unanswered": asked_in_vain.tell,
        "try": Trial(library, store, outbox, subject).explain,
        "remove": amending.remove,
        "undo": amending.undo,
    }
    by_administrator = _NEW & administrators
    return [
        MessageHandler(filters.UpdateType.MESSAGE & filters.StatusUpdate.MIGRATE, guide.moved),
        ChatMemberHandler(greeting.standing_changed, ChatMemberHandler.MY_CHAT_MEMBER),
        MessageHandler(_NEW & _GROUP & filters.StatusUpdate.NEW_CHAT_MEMBERS, greeting.members_came),
        CommandHandler("start", limited(guide.start), _NEW),
        CommandHandler("help", limited(guide.help), _NEW),
        CommandHandler("sources", modes.unless_off(limited(sources.tell)), _NEW),
        CommandHandler("language", limited(guide.language), _NEW),
        CommandHandler("mode", limited(modes.command), _NEW),
        CommandHandler("privacy", limited(privacy.tell), _NEW),
        CommandHandler("forget", limited(privacy.forget), _NEW),
        CommandHandler("ask", by_command, _NEW | _EDITED),
        MessageHandler((_NEW | _EDITED) & CaptionCommand("ask"), by_command),
        *(CommandHandler(command, handle, by_administrator) for command, handle in for_administrators.items()),
        CommandHandler(tuple(for_administrators), modes.unless_off(limited(administration.refuse)), _NEW),
        MessageHandler(by_administrator & _PRIVATE & _FILE, amending.handed_in),
        CallbackQueryHandler(guide.language_chosen, language_pattern()),
        CallbackQueryHandler(modes.chosen, mode_pattern()),
        CallbackQueryHandler(modes.unless_off(following.pressed), buttons.pattern(buttons.VOTES)),
        CallbackQueryHandler(pressing(following.pressed), buttons.pattern()),
        CallbackQueryHandler(pressing(sources.turn), sources_pattern()),
        CallbackQueryHandler(asked_in_vain.turn, unanswered_pattern()),
        CallbackQueryHandler(amending.pressed, change_pattern()),
        CallbackQueryHandler(guide.pressed_in_vain),
        MessageHandler(_NEW & _PRIVATE & filters.COMMAND, limited(guide.unknown_command)),
        MessageHandler((_NEW | _EDITED) & _PRIVATE & _SAID, asking(limited(questions.asked_in_private))),
        MessageHandler(_NEW & _PRIVATE & ~filters.StatusUpdate.ALL, limited(questions.sent_without_words)),
        MessageHandler((_NEW | _EDITED) & _GROUP & _SAID, asking(modes.heard)),
        InlineQueryHandler(Inline(library, store, outbox, limits, reader).asked),
        MessageHandler(_GUESTS, admission.limited_in_silence(Guests(library, store, tally, outbox, reader).asked)),
    ]
