"""What the demonstration knows beside its forms: remarks, visits broken off, phones, dossier counts, a recorded action."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from survey_app.domain.simulation import PROCEDURES
from survey_app.domain.simulation_year import Story, Visit
from survey_app.domain.weeks import Week
from survey_app.domain.weighted import Dossiers
from survey_app.store import actions, dossiers

# Who comes for land answers less readily: that is what weights are for.
_COVERAGE = {"cert": 0.5, "other": 0.45, "land": 0.3, "construction": 0.35}
_PHONE_WARD = "12103"
_PHONES, _REMARKS, _ABANDONED = 18, 9, 16  # of 256
# The set about extra payments is left more often than the others.
_SETS = (0, 1, 1, 1, 2, 3, 4, 5, 6)
_LEFT_AT = {1: "extra_payment"}
_LEFT_EARLY = ("stage", "clear_information", "satisfaction")
_WORDS = (
    "Cán bộ hướng dẫn tận tình, cảm ơn.",
    "Nên có thêm ghế ngồi chờ và nước uống.",
    "Máy lấy số thứ tự hay hỏng.",
    "Chờ hơi lâu vào buổi sáng thứ Hai.",
    "Biển chỉ dẫn các quầy khó nhìn với người lớn tuổi.",
    "Hồ sơ đất đai phải đi lại hai lần vì thiếu giấy, lần đầu không ai nói.",
    "Mong được nhắn tin khi có kết quả.",
    "Cổng dịch vụ công nộp mãi không được, may có cán bộ giúp.",
    "Bãi gửi xe chật.",
    "Làm nhanh hơn trước nhiều.",
    "Phí niêm yết chữ nhỏ quá, không đọc được.",
    "Đề nghị làm việc cả sáng thứ Bảy.",
    "Cô ở quầy 3 giải thích rất dễ hiểu.",
    "Người già nên được ưu tiên làm trước.",
    "Mẫu đơn khó điền, mong có bản điền sẵn để xem.",
    "Hẹn thứ Năm lấy, đến nơi lại hẹn sang tuần.",
    "Phòng chờ mát, sạch.",
    "Photo giấy tờ phải ra ngoài, bất tiện.",
    "Không biết phải hỏi ai khi hồ sơ bị trả lại.",
    "Nhanh, gọn, không phải đi lại.",
    "Nên có người trông xe lăn ở cửa.",
    "Số điện thoại hỏi hồ sơ gọi không ai nghe.",
)


def remark_of(visit: Visit) -> dict[str, str]:
    """The remark of every few citizens, with its salt."""
    if not _is_one_of(visit, _REMARKS, place=-4):
        return {}
    salt = hashlib.sha256(visit.citizen.id.encode()).hexdigest()[:32]
    return {"remark": _WORDS[int(salt[:8], 16) % len(_WORDS)], "salt": salt}


def abandoned_before(visit: Visit) -> dict[str, list[dict[str, object]]]:
    """What every few forms of tablets tell of the visit before: broken off, in which set and where."""
    if is_by_phone(visit) or not _is_one_of(visit, _ABANDONED, place=-6):
        return {}
    drawn = int(visit.citizen.id[-8:-6], 16)
    module = _SETS[drawn % len(_SETS)]
    early = _LEFT_EARLY[drawn // len(_SETS) % len(_LEFT_EARLY)]
    return {"abandoned": [{"module": module, "question": _LEFT_AT.get(module, early)}]}


def is_by_phone(visit: Visit) -> bool:
    """Whether the form came by the code on the receipt."""
    is_there = visit.ward == _PHONE_WARD and not visit.is_late
    return is_there and _is_one_of(visit, _PHONES, place=-2)


def report_dossiers(connection: Connection, visits: Iterable[Visit], now: datetime) -> None:
    """Finished dossiers by ward, week and procedure group, more than forms came."""
    counts: defaultdict[tuple[str, Week], Counter[str]] = defaultdict(Counter)
    for visit in visits:
        counts[visit.ward, Week.of(visit.day)][str(visit.citizen.answers.get("procedure"))] += 1
    for (ward, week), forms in counts.items():
        groups = {group: round(forms[group] / _COVERAGE[group]) for group in PROCEDURES}
        found = Dossiers(groups, sum(groups.values()))
        dossiers.report(connection, f"{ward}@2025-07-01", week, found, now)


def record_action(connection: Connection, story: Story, account_id: int, now: datetime) -> None:
    """What the story's ward did."""
    unit = f"{story.action_ward}@2025-07-01"
    words = "Ghi ngày hẹn trả kết quả lên giấy biên nhận và nhắn tin khi có kết quả"
    actions.record(connection, unit, story.action_from, "5", words, account_id=account_id, now=now)


def _is_one_of(visit: Visit, most: int, *, place: int) -> bool:
    end = place + 2 or None
    return int(visit.citizen.id[place:end], 16) < most
