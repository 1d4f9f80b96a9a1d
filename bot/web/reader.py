"""The web reader, put together: every page and what stands behind it."""

from starlette.types import ASGIApp
from telegram import Bot

from bot.listening import behind_proxy
from bot.metrics import Metrics
from bot.parts import Parts
from bot.speech.addresses import DOCUMENT, DOCUMENTS, FIGURES, LOGIN, ORIGINAL, PASSAGE
from bot.web.asking import Asking
from bot.web.figures import FiguresPage
from bot.web.health import Health
from bot.web.login import Logins
from bot.web.pages import Pages
from bot.web.reading import Reading
from bot.web.site import site
from bot.web.visitors import Visitors


def reader(bot: Bot, parts: Parts, health: Health, metrics: Metrics) -> ASGIApp:
    """The application that answers whoever comes by the web."""
    settings, pages, visitors = parts.settings, Pages(bot.first_name, bot.username), Visitors()
    asking = Asking(parts.library, parts.tally, pages, visitors, settings.keep_unanswered, settings.subject)
    reading = Reading(parts.library, pages, visitors, parts.reader)
    logins = Logins(settings.token or "", settings.admins, secure=parts.reader is not None)
    figures = FiguresPage(parts.library, parts.statistics, pages, logins)
    handlers = {
        "/": asking.ask,
        DOCUMENTS: reading.documents,
        DOCUMENT: reading.document,
        ORIGINAL: reading.original,
        PASSAGE: reading.passage,
        FIGURES: figures.figures,
        LOGIN: figures.login,
        "/healthz": health.healthz,
        "/readyz": health.readyz,
        "/metrics": health.metrics,
    }
    return behind_proxy(site(pages, handlers, metrics), settings.web_proxies)
