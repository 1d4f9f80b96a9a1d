"""The bot's own sentences, by language. A language is a row; a phrase missing from one is a type error."""

from dataclasses import dataclass
from typing import Literal, get_args

ReplyLanguage = Literal["vi", "zh-Hans", "zh-Hant", "en"]
REPLY_LANGUAGES: tuple[ReplyLanguage, ...] = get_args(ReplyLanguage)


@dataclass(frozen=True, slots=True)
class Phrases:
    """What the bot says in one language; braces are filled in, and hold no markup."""

    name: str
    locale: str
    start: str
    start_in_group: str
    help: str
    how_to_ask: str
    text_only: str
    unknown_command: str
    nothing_found: str
    nothing_found_but: str
    sources_older: str
    no_documents: str
    author: str
    publisher_unknown: str
    date_unknown: str
    date_inferred: str
    in_language: str
    sources: str
    and_more: str
    choose_language: str
    as_the_question: str
    language_chosen: str
    language_follows: str
    not_your_choice: str
    privacy: str
    forgotten: str
    forgotten_but_group: str
    admins_only: str
    reload_started: str
    reload_reading: str
    reload_indexing: str
    reload_done: str
    reload_running: str
    reload_failed: str
    reload_shrunk: str
    added: str
    changed: str
    removed: str
    left_out: str
    sorry: str
    too_hard: str
    too_much: str
    sent_again: str
    answered_late: str
    menu_ask: str
    menu_sources: str
    menu_language: str
    menu_help: str
    in_terminal: str
    go_live: str


_VI = Phrases(
    name="Tiếng Việt",
    locale="vi",
    start="Chào bạn! Tôi trả lời câu hỏi về Mạng lưới đô thị thông minh ASEAN (ASCN) bằng trích dẫn từ các bài báo, kèm nguồn "
    "và ngày đăng. Bạn cứ gõ câu hỏi, bằng tiếng Việt (có dấu hoặc không dấu), tiếng Trung hoặc tiếng Anh.",
    start_in_group="Chào cả nhà! Muốn hỏi về Mạng lưới đô thị thông minh ASEAN (ASCN), hãy gõ /ask kèm câu hỏi, nhắc tên tôi, "
    "hoặc trả lời một tin nhắn của tôi. Ngoài ra tôi sẽ im lặng.",
    help="Tôi tìm trong kho bài viết và trích nguyên văn đoạn phù hợp nhất, kèm nguồn và ngày. Tôi không tự viết thêm điều gì; "
    "nếu kho bài không có câu trả lời, tôi sẽ nói rõ.\n\n"
    "• Chat riêng: cứ gõ câu hỏi.\n"
    "• Trong nhóm: /ask câu hỏi, nhắc tên tôi, hoặc trả lời tin nhắn của tôi.\n"
    "• Trả lời tin nhắn của người khác bằng /ask: tôi trả lời tin nhắn đó.\n\n"
    "/sources – các bài trong kho\n/language – ngôn ngữ trả lời\n/privacy – dữ liệu nào được lưu\n/forget – xóa dữ liệu về bạn\n/help – hướng dẫn này",
    how_to_ask="Bạn hãy gõ câu hỏi sau lệnh, ví dụ: /ask ASCN được thành lập khi nào?",
    text_only="Tôi chỉ đọc được chữ. Bạn hãy gõ câu hỏi nhé.",
    unknown_command="Tôi không biết lệnh này. Gõ /help để xem hướng dẫn.",
    nothing_found="Kho bài viết không có câu trả lời cho câu hỏi này.",
    nothing_found_but="Các bài tôi có:",
    sources_older="Kho chưa có bài nào của năm {year}; bài mới nhất ra ngày {date}.",
    no_documents="Kho bài viết đang trống.",
    author="tác giả: {name}",
    publisher_unknown="không rõ nguồn đăng",
    date_unknown="không rõ ngày đăng",
    date_inferred="suy ra từ nội dung bài",
    in_language="bài viết bằng {language}",
    sources="Các bài trong kho ({count}):",
    and_more="… và {count} bài nữa",
    choose_language="Tôi nên trả lời bằng ngôn ngữ nào?",
    as_the_question="Theo câu hỏi",
    language_chosen="Từ giờ tôi trả lời bằng tiếng Việt. Trích dẫn vẫn giữ nguyên văn.",
    language_follows="Từ giờ tôi trả lời theo ngôn ngữ của câu hỏi.",
    not_your_choice="Trong nhóm, chỉ quản trị viên của nhóm mới đổi được ngôn ngữ.",
    privacy="Tôi chỉ lưu những gì cần thiết:\n"
    "• ngôn ngữ đã chọn cho cuộc trò chuyện;\n"
    "• số câu hỏi mỗi ngày theo từng ngôn ngữ, không lưu ai hỏi và hỏi gì;\n"
    "• câu hỏi của bạn cho đến khi trả lời xong, sau đó chỉ giữ mã số của tin nhắn trong ba ngày.\n\n"
    "Việc tìm câu trả lời diễn ra ngay trên máy chủ của bot; ngoài Telegram, không có gì được gửi đi nơi khác. Gõ /forget để xóa mọi dữ liệu về bạn.",
    forgotten="Đã xóa mọi thứ tôi lưu về bạn và cuộc trò chuyện này.",
    forgotten_but_group="Đã xóa mọi thứ tôi lưu về bạn. Riêng ngôn ngữ đã chọn cho nhóm thì chỉ quản trị viên của nhóm mới xóa được.",
    admins_only="Lệnh này chỉ dành cho người quản trị bot.",
    reload_started="Đang đọc lại kho bài viết…",
    reload_reading="Đang đọc: {done}/{total} tệp…",
    reload_indexing="Đang lập chỉ mục {total} bài…",
    reload_done="Đã nạp lại: {documents} bài, {passages} đoạn, trong {seconds} giây.",
    reload_running="Đang nạp lại rồi, từ {seconds} giây trước. Bạn chờ một chút nhé.",
    reload_failed="Không nạp lại được; kho bài cũ vẫn được dùng. {reason}",
    reload_shrunk="Nếu nạp lại, kho chỉ còn {after} trong {before} bài, nên tôi giữ nguyên kho cũ. Nếu đúng ý bạn, hãy gửi /reload force.",
    added="Thêm: {count}",
    changed="Thay đổi: {count}",
    removed="Gỡ bỏ: {count}",
    left_out="Không dùng được: {count}",
    sorry="Xin lỗi, có lỗi khi xử lý. Bạn vui lòng hỏi lại.",
    too_hard="Câu hỏi này quá nặng với tôi. Bạn hãy hỏi ngắn gọn hơn nhé.",
    too_much="Câu hỏi đến nhanh quá, tôi trả lời không kịp nên phải bỏ qua một số câu, kể cả câu này. Một phút nữa bạn hỏi lại nhé.",
    sent_again="↻ Tin này có thể đến với bạn lần thứ hai: lúc gửi tôi bị gián đoạn.",
    answered_late="Xin lỗi đã trả lời muộn: lúc bạn hỏi tôi không hoạt động.",
    menu_ask="đặt câu hỏi, hoặc hỏi lại tin nhắn mà bạn trả lời",
    menu_sources="các bài trong kho",
    menu_language="ngôn ngữ trả lời",
    menu_help="hướng dẫn",
    in_terminal="Gõ /sources để xem các bài trong kho, /help để xem hướng dẫn, /quit để thoát.",
    go_live="Muốn phục vụ trên Telegram: đặt TELEGRAM_BOT_TOKEN bằng mã @BotFather đã cấp, rồi chạy lại.",
)

_ZH_HANS = Phrases(
    name="简体中文",
    locale="zh_Hans",
    start="您好！我用文章中的原文回答有关东盟智慧城市网络（ASCN）的问题，每段引文都注明来源和日期。请直接输入问题，可用中文、越南语或英语。",
    start_in_group="大家好！想了解东盟智慧城市网络（ASCN），请发送“/ask 问题”、@我，或回复我的消息。其他时候我不会打扰。",
    help="我在文章库中查找最相关的段落，原文引用，并注明来源和日期。我不会自己编写内容；文章里没有答案时，我会如实告知。\n\n"
    "• 私聊：直接输入问题。\n"
    "• 群聊：发送“/ask 问题”、@我，或回复我的消息。\n"
    "• 用 /ask 回复别人的消息：我会回答那条消息。\n\n"
    "/sources – 文章列表\n/language – 回复语言\n/privacy – 保存哪些数据\n/forget – 删除您的数据\n/help – 本说明",
    how_to_ask="请在命令后写上问题，例如：/ask ASCN是什么时候成立的？",
    text_only="我只能阅读文字，请输入您的问题。",
    unknown_command="我不认识这个命令。请用 /help 查看说明。",
    nothing_found="文章库中没有这个问题的答案。",
    nothing_found_but="库中现有的文章：",
    sources_older="库中没有{year}年的文章，最新一篇发布于{date}。",
    no_documents="文章库目前是空的。",
    author="作者：{name}",
    publisher_unknown="未注明发布者",
    date_unknown="未注明日期",
    date_inferred="根据文章内容推断",
    in_language="原文为{language}",
    sources="文章列表（{count}）：",
    and_more="……另有 {count} 篇",
    choose_language="我应该用哪种语言回复？",
    as_the_question="与提问相同",
    language_chosen="好的，今后我用简体中文回复。引文保持原文。",
    language_follows="好的，今后我用提问的语言回复。",
    not_your_choice="在群组中，只有群管理员可以更改语言。",
    privacy="我只保存必要的信息：\n"
    "• 聊天中选定的回复语言；\n"
    "• 每天各语言的提问数量，不记录提问者和提问内容；\n"
    "• 您的问题，回答后即删除，之后只保留消息编号三天。\n\n"
    "查找答案全部在机器人自己的服务器上完成，除 Telegram 外，不会把任何内容发往别处。发送 /forget 可删除与您有关的全部数据。",
    forgotten="已删除我保存的与您和本聊天有关的全部数据。",
    forgotten_but_group="已删除我保存的与您有关的全部数据。本群选定的语言只有群管理员可以删除。",
    admins_only="此命令仅供机器人管理员使用。",
    reload_started="正在重新读取文章库……",
    reload_reading="正在读取：{done}/{total} 个文件……",
    reload_indexing="正在为 {total} 篇文章建立索引……",
    reload_done="重新加载完成：{documents} 篇文章，{passages} 个段落，用时 {seconds} 秒。",
    reload_running="正在重新加载，已进行 {seconds} 秒，请稍候。",
    reload_failed="重新加载失败，继续使用原有文章库。{reason}",
    reload_shrunk="重新加载后 {before} 篇文章将只剩 {after} 篇，因此继续使用原有文章库。如果确实要这样，请发送 /reload force。",
    added="新增：{count}",
    changed="更改：{count}",
    removed="移除：{count}",
    left_out="未能使用：{count}",
    sorry="抱歉，处理时出错了，请再问一次。",
    too_hard="这个问题处理时间太长。请换个更简短的问法。",
    too_much="提问太快，我来不及一一回答，只好略过一些问题，包括这一条。请过一分钟再问。",
    sent_again="↻ 您可能已经收到过这条消息：发送时曾经中断。",
    answered_late="抱歉回复晚了：您提问时我不在线。",
    menu_ask="提问，或就所回复的消息提问",
    menu_sources="文章列表",
    menu_language="回复语言",
    menu_help="使用说明",
    in_terminal="输入 /sources 查看文章列表，/help 查看说明，/quit 退出。",
    go_live="要在 Telegram 上提供服务：将 TELEGRAM_BOT_TOKEN 设为 @BotFather 给您的令牌，然后重新启动。",
)

_ZH_HANT = Phrases(
    name="繁體中文",
    locale="zh_Hant",
    start="您好！我以文章中的原文回答有關東協智慧城市網絡（ASCN）的問題，每段引文都註明來源和日期。請直接輸入問題，中文、越南文或英文皆可。",
    start_in_group="大家好！想了解東協智慧城市網絡（ASCN），請傳送「/ask 問題」、@我，或回覆我的訊息。其他時候我不會打擾。",
    help="我在文章庫中尋找最相關的段落，引用原文，並註明來源和日期。我不會自行撰寫內容；文章裡沒有答案時，我會如實告知。\n\n"
    "• 私訊：直接輸入問題。\n"
    "• 群組：傳送「/ask 問題」、@我，或回覆我的訊息。\n"
    "• 用 /ask 回覆別人的訊息：我會回答那則訊息。\n\n"
    "/sources – 文章列表\n/language – 回覆語言\n/privacy – 保存哪些資料\n/forget – 刪除您的資料\n/help – 本說明",
    how_to_ask="請在指令後寫上問題，例如：/ask ASCN是什麼時候成立的？",
    text_only="我只能閱讀文字，請輸入您的問題。",
    unknown_command="我不認得這個指令。請用 /help 查看說明。",
    nothing_found="文章庫中沒有這個問題的答案。",
    nothing_found_but="庫中現有的文章：",
    sources_older="庫中沒有{year}年的文章，最新一篇發布於{date}。",
    no_documents="文章庫目前是空的。",
    author="作者：{name}",
    publisher_unknown="未註明發布者",
    date_unknown="未註明日期",
    date_inferred="根據文章內容推斷",
    in_language="原文為{language}",
    sources="文章列表（{count}）：",
    and_more="……另有 {count} 篇",
    choose_language="我應該用哪種語言回覆？",
    as_the_question="與提問相同",
    language_chosen="好的，今後我用繁體中文回覆。引文保持原文。",
    language_follows="好的，今後我用提問的語言回覆。",
    not_your_choice="在群組中，只有群組管理員可以更改語言。",
    privacy="我只保存必要的資訊：\n"
    "• 聊天中選定的回覆語言；\n"
    "• 每天各語言的提問數量，不記錄提問者與提問內容；\n"
    "• 您的問題，回答後即刪除，之後只保留訊息編號三天。\n\n"
    "尋找答案全程在機器人自己的伺服器上完成，除了 Telegram，不會將任何內容傳送到其他地方。傳送 /forget 可刪除與您有關的所有資料。",
    forgotten="已刪除我保存的與您及此聊天有關的所有資料。",
    forgotten_but_group="已刪除我保存的與您有關的所有資料。本群選定的語言只有群組管理員可以刪除。",
    admins_only="此指令僅供機器人管理員使用。",
    reload_started="正在重新讀取文章庫……",
    reload_reading="正在讀取：{done}/{total} 個檔案……",
    reload_indexing="正在為 {total} 篇文章建立索引……",
    reload_done="重新載入完成：{documents} 篇文章，{passages} 個段落，用時 {seconds} 秒。",
    reload_running="正在重新載入，已進行 {seconds} 秒，請稍候。",
    reload_failed="重新載入失敗，繼續使用原有文章庫。{reason}",
    reload_shrunk="重新載入後 {before} 篇文章將只剩 {after} 篇，因此繼續使用原有文章庫。如果確實要這樣，請傳送 /reload force。",
    added="新增：{count}",
    changed="更改：{count}",
    removed="移除：{count}",
    left_out="未能使用：{count}",
    sorry="抱歉，處理時出錯了，請再問一次。",
    too_hard="這個問題處理時間太長。請換個更簡短的問法。",
    too_much="提問太快，我來不及一一回答，只好略過一些問題，包括這一則。請過一分鐘再問。",
    sent_again="↻ 您可能已經收到過這則訊息：傳送時曾經中斷。",
    answered_late="抱歉回覆晚了：您提問時我不在線上。",
    menu_ask="提問，或就所回覆的訊息提問",
    menu_sources="文章列表",
    menu_language="回覆語言",
    menu_help="使用說明",
    in_terminal="輸入 /sources 查看文章列表，/help 查看說明，/quit 離開。",
    go_live="要在 Telegram 上提供服務：將 TELEGRAM_BOT_TOKEN 設為 @BotFather 給您的權杖，然後重新啟動。",
)

_EN = Phrases(
    name="English",
    locale="en_GB",
    start="Hello! I answer questions about the ASEAN Smart Cities Network (ASCN) with quotes from articles, each with its source "
    "and date. Just type your question, in English, Vietnamese or Chinese.",
    start_in_group="Hello everyone! To ask about the ASEAN Smart Cities Network (ASCN), send /ask with your question, mention me, "
    "or reply to one of my messages. Otherwise I keep quiet.",
    help="I look through a collection of articles and quote the passages that fit best, word for word, with source and date. "
    "I write nothing of my own; where the articles hold no answer, I say so.\n\n"
    "• In private: just type your question.\n"
    "• In a group: /ask your question, mention me, or reply to one of my messages.\n"
    "• Reply to someone's message with /ask: I answer that message.\n\n"
    "/sources – the articles\n/language – the language I reply in\n/privacy – what I keep, and for how long\n/forget – delete what I keep about you\n/help – this text",
    how_to_ask="Write your question after the command, for example: /ask When was ASCN founded?",
    text_only="I can only read text. Please type your question.",
    unknown_command="I do not know that command. /help tells what I can do.",
    nothing_found="The articles hold no answer to this question.",
    nothing_found_but="The articles I have:",
    sources_older="No article here is from {year}; the newest is dated {date}.",
    no_documents="There are no articles yet.",
    author="by {name}",
    publisher_unknown="publisher not stated",
    date_unknown="date not stated",
    date_inferred="inferred from the text",
    in_language="in {language}",
    sources="The articles ({count}):",
    and_more="… and {count} more",
    choose_language="Which language should I reply in?",
    as_the_question="As the question",
    language_chosen="From now on I reply in English. Quotes stay as they were written.",
    language_follows="From now on I reply in the language of the question.",
    not_your_choice="In a group only its administrators can change the language.",
    privacy="I keep no more than I need:\n"
    "• the language chosen for a chat;\n"
    "• how many questions were asked each day and in which language, but not who asked or what;\n"
    "• your question until it is answered, then only the number of the message for three days.\n\n"
    "Answers are found on the bot's own server; nothing leaves it except to Telegram. /forget deletes everything about you.",
    forgotten="Done: everything I kept about you and this chat is deleted.",
    forgotten_but_group="Done: everything I kept about you is deleted. Only the group's administrators can delete the language chosen for the group.",
    admins_only="Only the bot's administrators can use this command.",
    reload_started="Reading the articles anew…",
    reload_reading="Reading: {done} of {total} files…",
    reload_indexing="Indexing: {total} articles…",
    reload_done="Reloaded: {documents} articles, {passages} passages, in {seconds} s.",
    reload_running="A reload has been running for {seconds} s. Please wait for it.",
    reload_failed="The reload failed; the previous articles stay in use. {reason}",
    reload_shrunk="Only {after} of {before} articles would be left, so the previous ones stay in use. If that is meant, send /reload force.",
    added="Added: {count}",
    changed="Changed: {count}",
    removed="Removed: {count}",
    left_out="Left out: {count}",
    sorry="Sorry, something went wrong. Please ask again.",
    too_hard="That question took me too long. Please put it more briefly.",
    too_much="Questions are coming faster than I can answer, so I am passing over some, this one included. Please ask it again in a minute.",
    sent_again="↻ You may have had this message before: I was interrupted while sending it.",
    answered_late="Sorry for the late answer: I was away when you asked.",
    menu_ask="ask a question, or the message you reply to",
    menu_sources="the articles",
    menu_language="the language I reply in",
    menu_help="what I do and how to ask",
    in_terminal="Type /sources for the articles, /help for this, /quit to leave.",
    go_live="To serve Telegram: set TELEGRAM_BOT_TOKEN to the token @BotFather gave you, and start again.",
)

_PHRASES: dict[ReplyLanguage, Phrases] = {"vi": _VI, "zh-Hans": _ZH_HANS, "zh-Hant": _ZH_HANT, "en": _EN}


def phrases(language: ReplyLanguage) -> Phrases:
    """The sentences of one language."""
    return _PHRASES[language]


def reply_language(chosen: str | None, question: str | None, client: str | None) -> ReplyLanguage:
    """The language to reply in: the chat's choice, else the question's, else that of the person's Telegram."""
    for language in (chosen, question, _of_client(client)):
        if language in REPLY_LANGUAGES:
            return language
    return "en"


def _of_client(code: str | None) -> str | None:
    """A reply language for the language code of a client or a locale: vi, zh-hant, zh_TW.UTF-8."""
    code = (code or "").lower().replace("_", "-")
    if code.startswith("zh"):
        return "zh-Hant" if any(part in code for part in ("hant", "tw", "hk", "mo")) else "zh-Hans"
    return code.split("-")[0].split(".")[0]
