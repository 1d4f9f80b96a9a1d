"""The long objects of the Bot API about chats and their members."""

from .records import Chat, Json
from .world import Room

_GROUP_RIGHTS = (
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
)
_PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
    "can_react_to_messages",
    "can_edit_tag",
)
_GIFTS = (
    "unlimited_gifts",
    "limited_gifts",
    "unique_gifts",
    "premium_subscription",
    "gifts_from_channels",
)


def member_json(room: Room, user_id: int) -> Json:
    """The `ChatMember` object of somebody who is or was in the chat."""
    status = room.statuses[user_id]
    member: Json = {"status": status, "user": room.people[user_id].json()}
    match status:
        case "administrator":
            return member | dict.fromkeys(_GROUP_RIGHTS, False) | {"can_manage_chat": True}
        case "creator":
            return member | {"is_anonymous": False}
        case "restricted":
            return member | dict.fromkeys(_PERMISSIONS, False) | {"is_member": True, "until_date": 0}
        case "kicked":
            return member | {"until_date": 0}
    return member


def chat_full_info(chat: Chat) -> Json:
    """The `ChatFullInfo` object of the chat."""
    gifts = dict.fromkeys(_GIFTS, False)
    return chat.json() | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}
