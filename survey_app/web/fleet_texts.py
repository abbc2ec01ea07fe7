"""Words of the fleet: why a tablet is refused, what is wrong with one and what to do, and the messages it can be sent."""

from collections.abc import Mapping

from flask_babel import LazyString

from survey_app.web.i18n import lazy_gettext as _

DEVICES: Mapping[str, LazyString] = {
    "device.revoked": _("The connection of this tablet was withdrawn. Its forms stay on it."),
    "device.bad_signature": _(
        "The request is not signed with the key of this tablet. Please connect the tablet again; "
        "its forms stay on it."
    ),
    "device.stale_signature": _("The tablet's clock is wrong. It tries again with our time."),
    "device.too_fast": _("Too many requests from this tablet. It tries again in a moment."),
    "device.queue_not_empty": _(
        "Forms on this tablet have not been sent yet. Send them, or take them off as a sealed "
        "file, before disconnecting."
    ),
    "pairing.wrong_code": _(
        "This code is not valid (any more). Please check the six digits, or ask the administrator "
        "for a new code."
    ),
    "pairing.bad_key": _("The tablet's key is not as expected. Please open the page anew."),
    "pairing.too_fast": _("Too many attempts. Please wait a few minutes."),
    "heartbeat.wrong_member": _("A part of the message is missing or not as expected."),
}
ALARMS: Mapping[str, LazyString] = {
    "fleet.two_tablets": _(
        "Two tablets seem to use one connection (a copied device). Withdraw this tablet and "
        "connect each one anew."
    ),
    "fleet.storage_cleared": _(
        "The browser's data were cleared while %(number)s forms were waiting: these forms are "
        "lost. Ask who cleared them; lock the tablet to the survey page."
    ),
    "fleet.forms_lost": _(
        "%(number)s forms vanished from the tablet without a receipt. Take the tablet out of use "
        "and report it to the person who runs the system."
    ),
    "fleet.trial": _(
        "On trial: the tablet has no key of its own and cannot work without a network. For real "
        "use open the page over https and connect it anew."
    ),
    "fleet.never_seen": _(
        "Connected, but it has never reported. Switch it on and open the survey page."
    ),
    "fleet.silent": _(
        "Has not reported for %(minutes)s minutes although the counter is open. Check power, Wi-Fi "
        "and whether the survey page is open."
    ),
    "fleet.clock_off": _(
        "The tablet's date or time is wrong. Set it to automatic in the tablet's settings."
    ),
    "fleet.not_ready": _(
        "Not ready: a part is missing (see the list). Open the staff screen on the tablet and "
        "follow what it says."
    ),
    "fleet.canary_lost": _(
        "The tablet's storage lost a test record. Do not clear browser data; if it happens again, "
        "replace the tablet."
    ),
    "fleet.old_app": _(
        "Runs another version of the program than the server. Leave it on the first screen for "
        "five minutes with the network on."
    ),
    "fleet.old_questionnaire": _(
        "Asks with an older version of the questionnaire. Leave it on the first screen for five "
        "minutes with the network on."
    ),
    "fleet.battery_low": _("Battery at %(percent)s%% and not charging. Plug in the charger."),
    "fleet.queue_old": _(
        "The oldest form has been waiting for %(hours)s hours. Check the network, then press "
        "“Send now” on the staff screen."
    ),
    "fleet.forms_rejected": _(
        "%(number)s forms were not accepted; their content is kept on the server. Please tell the "
        "person who runs the system."
    ),
    "fleet.server_has_fewer": _(
        "Tablets hold receipts for %(number)s forms that the server no longer has. Was an older "
        "backup restored? Leave the tablets on: they send these forms again by themselves."
    ),
}
CODES: Mapping[str, LazyString] = {
    "codes.no_https": _(
        "Codes are off: the address %(address)s is not https, so a phone cannot reach it safely. "
        "The operator sets SURVEY_APP_PUBLIC_URL to a public https address."
    ),
    "codes.not_public": _(
        "Codes are off: the address %(address)s works inside the office only. The operator sets "
        "SURVEY_APP_PUBLIC_URL to a public https address."
    ),
    "codes.number": _("Please make between 1 and %(most)s codes at a time."),
    "hours.wrong": _(
        "Each part of a day needs a beginning and a later end, and the parts of a day must not "
        "overlap."
    ),
}
WEEKDAYS: Mapping[int, LazyString] = {
    1: _("Monday"),
    2: _("Tuesday"),
    3: _("Wednesday"),
    4: _("Thursday"),
    5: _("Friday"),
    6: _("Saturday"),
    7: _("Sunday"),
}
MESSAGES: Mapping[str, LazyString] = {
    "charge": _("Please plug in the charger."),
    "check_date": _("Please check the tablet's date and time."),
    "check_wifi": _("Please check the Wi-Fi."),
    "clean_screen": _("Please wipe the screen."),
    "keep_open": _("Please keep this page open during office hours."),
    "call_administrator": _("Please call the administrator."),
}
PARTS: Mapping[str, LazyString] = {
    "worker": _("works without a network"),
    "offline_start": _("starts without a network"),
    "storage": _("storage"),
    "device_key": _("device key"),
    "trusted_tls": _("trusted https"),
    "clock": _("date and time"),
    "audio": _("sound"),
}
