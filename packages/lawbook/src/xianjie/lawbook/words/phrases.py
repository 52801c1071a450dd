"""The words of an explanation in both languages, and values as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from xianjie.lawbook.standards.catalogue import Fact, Unit, Version
from xianjie.lawbook.standards.judging import Basis, Reason
from xianjie.lawbook.standards.nodes import Node
from xianjie.lawbook.standards.relations import Kind
from xianjie.lawbook.standards.values import UNKNOWN, Interval, Op, Result

CHINESE = 0
ENGLISH = 1

#: How a comparison is said; 以上 includes the number itself (Criminal Law art. 99).
BOUNDS: Mapping[Op, tuple[str, str]] = {
    Op.at_least: ("{}以上（含本数）", "at least {}"),
    Op.more_than: ("超过{}（不含本数）", "more than {}"),
    Op.at_most: ("{}以下（含本数）", "at most {}"),
    Op.less_than: ("不满{}", "less than {}"),
    Op.equal: ("等于{}", "exactly {}"),
}
PHRASES: dict[str, tuple[str, str]] = {
    Result.met: ("已达到立案追诉标准", "the filing standard is met"),
    Result.not_met: ("未达到立案追诉标准", "the filing standard is not met"),
    Result.insufficient: ("现有材料不足以得出结论", "what is recorded does not allow an answer"),
    "headline": ("{offence}（{article}）：{result}。", "{offence} ({article}): {result}."),
    "attempt": ("以犯罪未遂追究。", "Pursued as an attempt."),
    "listed_not_met": (
        "有明确规定的各项均未达到；结论取决于须由人判断或者文本未读的事项。",
        "No listed limb is reached; the answer depends on what a person must decide, or on a text not read.",
    ),
    "version": ("适用版本：{version}（{days}），{why}", "Version: {version} ({days}), {why}"),
    "days": ("自{first}起施行", "in force from {first}"),
    "days_until": ("{first}至{last}", "{first} to {last}"),
    "no_version": ("适用版本：无。{why}", "Version: none. {why}"),
    "undetermined": (
        "适用版本：因行为日期不确定而不能确定。",
        "Version: cannot be named, because the day of the act is not certain.",
    ),
    "sources": ("依据：{sources}", "Based on: {sources}"),
    Basis.act_day: ("行为日{act}时施行的版本。", "the one in force on the day of the act, {act}."),
    Basis.gap: (
        "行为日{act}没有施行中的版本，适用其后的版本。",
        "none was in force on the day of the act, {act}, so the next one is used.",
    ),
    Basis.before_first: (
        "行为日{act}早于目录中第一个版本；较晚的版本未达到，即使适用旧规定亦以其为有利。",
        "the act of {act} lies before the first version of the catalogue; the later one is not met and would "
        "prevail as more favourable in any case.",
    ),
    Basis.more_favourable: (
        "行为日{act}之后的版本，在决定日{decision}施行，对行为人更有利（高检发释字〔2001〕5号）。",
        "later than the act of {act}, in force at the decision on {decision} and more favourable to the "
        "suspect (高检发释字〔2001〕5号).",
    ),
    Basis.later: (
        "决定日{decision}施行的较晚版本。",
        "the later one, in force at the decision on {decision}.",
    ),
    Reason.standard_text_missing: (
        "目录缺口：已知该版本存在，但未取得文本，不能据以判断。",
        "Gap of the catalogue: the version is known to exist, its text was not read.",
    ),
    Reason.no_version_in_force: (
        "行为日{act}及决定日{decision}均没有施行中的专门标准（已废止或尚未收录）。",
        "No version is in force on the day of the act, {act}, nor at the decision on {decision} (repealed, "
        "or not yet in the catalogue).",
    ),
    Reason.before_first_version: (
        "行为日{act}早于目录中第一个版本：当时可能另有规定，也可能尚不构成犯罪，不得自动适用较晚的版本。",
        "The act of {act} lies before the first version of the catalogue: an older text may have governed, "
        "or the conduct may not have been a crime yet; the later version must not be applied by itself.",
    ),
    Reason.repealed_without_successor: (
        "须由人判断：该标准在决定日前已废止且没有后续标准，是否仍可适用须由人决定。",
        "For a person to decide: the standard was repealed before the decision without a successor; whether "
        "it may still be used.",
    ),
    Reason.unread_limb: (
        "目录缺口：有一项已知存在但未取得文本。",
        "Gap of the catalogue: a limb is known to exist, its text was not read.",
    ),
    Reason.provincial_amount_unknown: (
        "目录缺口：本省数额标准未收录，查明数额处于全国幅度之内。",
        "Gap of the catalogue: the amount of the province is not on record, and the value lies within the "
        "national range.",
    ),
    "met_by": ("达到的条款：", "Limbs that are met:"),
    "conduct": ("构成要件：", "Elements of the conduct:"),
    "failed": ("未达到的条款：", "Limbs that are not met:"),
    "gate_failed": ("不成立的构成要件：", "Elements of the conduct that are absent:"),
    "barred": ("依规定不予追究的情形成立：", "A ground on which the text itself does not pursue is present:"),
    "absent": (
        "另有{count}项条件，所列情形不存在或数额为零。",
        "Further conditions ({count}) whose circumstance is absent or whose amount is zero.",
    ),
    "missing": ("尚缺的事实（查明后可能改变结论）：", "Facts that are missing and could change the answer:"),
    "human": ("须由人判断：", "For a person to decide:"),
    "gaps": ("目录缺口（文本未读）：", "Gaps of the catalogue (text not read):"),
    "summed": ("累计计算（{clause}）：", "Added up ({clause}):"),
    "counted": ("计入：{day}，{reason}", "counted: {day}, {reason}"),
    "left_out": ("不计入：{day}，{reason}", "left out: {day}, {reason}"),
    "maybe": ("可能计入：{day}，{reason}", "perhaps counted: {day}, {reason}"),
    "acts_apart": (
        "数次行为（该版本没有累计规则，不自动相加）：",
        "Several acts (this version has no rule for adding them up, so they are not added):",
    ),
    "penalties": (
        "由处罚记录推算（自处罚生效日至行为日{act}，首尾均计入）：",
        "From earlier penalties (from the effective day to the act of {act}, both included):",
    ),
    "findings": ("人员所作认定：", "Findings by persons:"),
    "found_true": ("认定成立{by}", "found to be so{by}"),
    "found_false": ("认定不成立{by}", "found not to be so{by}"),
    "findings_aside": (
        "下列认定所针对的条件由事实决定，认定不予采用，事实记录不变：",
        "Findings on conditions that facts decide are left aside; the facts stay as recorded:",
    ),
    "searched": ("已查找、未发现，按不存在处理：", "Looked for and not found, so taken as absent:"),
    "all_searched": (
        "全案声明：未提及的事实均已查找、未发现（须由人判断的事实和选项除外）{by}。",
        "Statement on the whole case: whatever is not mentioned was looked for and not found, except choices "
        "and facts for a person to judge{by}.",
    ),
    "nobody": ("未记录由何人作出", "nobody is on record for it"),
    "method": ("认定方法：{method}", "method: {method}"),
    "ground": ("理由：{reasons}", "reasons: {reasons}"),
    "evidence": ("依据：{evidence}", "evidence: {evidence}"),
    Kind.prevails_over: (
        "与一般标准的关系：本罪名的专门标准优先于{others}的一般标准（{source}）：{note}。",
        "Special over general: this standard comes before the general one of {others} ({source}): {note}.",
    ),
    "yields": (
        "与专门标准的关系：属于{others}情形的，先按其专门标准判断（{source}）：{note}。",
        "General under special: where {others} apply, their own standards come first ({source}): {note}.",
    ),
    Kind.conflicts_with: ("规定不一致（{source}）：{note}。", "Texts in conflict ({source}): {note}."),
    Kind.alternative_offence: (
        "没有专门标准可用时，另按{others}判断（{source}）：{note}。",
        "Without a standard of its own, test {others} instead ({source}): {note}.",
    ),
    "suspicion": (
        "提示：可以考虑依{source}按合理嫌疑移送。行为要件已有记录、未见排除，尚缺的事实查明后可能达到标准；"
        "是否存在犯罪的合理嫌疑、是否需要公安机关采取措施进一步取证，由行政执法机关认定，平台不作认定。",
        "Notice: a transfer on reasonable suspicion under {source} can be considered. Elements of the "
        "conduct are on record, none is excluded, and the facts that are missing could make the standard "
        "met. Whether there is reasonable suspicion, and whether the police are needed to gather more, is "
        "for the agency; the platform does not find it.",
    ),
    "some_day": ("日期不明", "day not known"),
    "imprecise": ("（仅知{value}）", " (known only as {value})"),
    "ranging": ("（本省未定，全国幅度{low}至{high}）", " (not set here; national range {low} to {high})"),
    "also": (
        "另一版本的结论，比较尚未确定，一并列出：",
        "The other version, shown because the comparison is open:",
    ),
    "pointer": ("较晚版本的结论，仅供参考：", "The later version, only as a pointer:"),
    "readings": (
        "行为日期不确定，各可能日期的结论：",
        "The day of the act is not certain; answers by possible day:",
    ),
    "span": (
        "行为日期不确定：{first}至{last}之间的任何一日，结论相同。",
        "The day of the act is not certain: every day from {first} to {last} gives the same answer.",
    ),
    "reading": ("{first}至{last}：{result}（{version}）", "{first} to {last}: {result} ({version})"),
    "grade": ("提示：{note}", "Note: {note}"),
    "overlay": (
        "提示：{province}的数额标准（{source}）依据摘录或报道写成，尚待与正式文本核对。",
        "Note: the amount of {province} ({source}) was written from an excerpt or a report and awaits "
        "comparison with the official text.",
    ),
    "excerpt": (
        "该版本依据摘录写成，尚待与正式文本核对。",
        "this version was written from an excerpt and awaits comparison with the official text.",
    ),
    "secondary": (
        "该版本依据第三方汇编写成，尚待与正式文本核对。",
        "this version was written from a third-party compilation and awaits comparison with the official "
        "text.",
    ),
    "memory": (
        "该版本凭记忆写成，不得据以作出决定。",
        "this version was written from memory; do not decide on it.",
    ),
    "incomplete": (
        "该版本有一项已知存在但未读的内容。",
        "this version has a limb that is known to exist and was not read.",
    ),
    "act_date": ("行为日期", "day of the act"),
    "unread": ("{number}（文本未读）", "{number} (text not read)"),
    "unknown": ("未查明", "not known"),
    "true": ("是", "yes"),
    "false": ("否", "no"),
    "found": ("查明{value}，标准{limit}", "found {value}, limit {limit}"),
    "state": ("查明：{value}", "found: {value}"),
}  # fmt: skip


def phrase(language: int, key: str, **words: Any) -> str:
    """Return a phrase in the language (CHINESE or ENGLISH) with the words put in."""
    text = PHRASES[key][language]
    return text.format(**words) if words else text


@dataclass(frozen=True, slots=True)
class Speaker:
    """Values and names in one language."""

    language: int

    def say(self, key: str, **words: Any) -> str:
        """Return a phrase with the words put in."""
        text = PHRASES[key][self.language]
        return text.format(**words) if words else text

    def label(self, fact: Fact) -> str:
        """Return the name of a fact."""
        return fact.label_en if self.language else fact.label_zh

    def described(self, node: Node) -> str:
        """Return clause and wording of a node."""
        words = (node.wording.en if self.language else node.wording.zh) or node.id
        return (
            words
            if node.wording.clause is None
            else f"{node.wording.clause}{' ' if self.language else '：'}{words}"
        )

    def value(self, value: Any, unit: Unit | None) -> str:
        """Return a value with its unit; bounds as a range."""
        if value is UNKNOWN:
            return self.say("unknown")
        if value is True or value is False:
            return self.say("true" if value else "false")
        if isinstance(value, Interval):
            return self._range(value, unit)
        if isinstance(value, str):
            return value
        return self._number(value, unit)

    def limit(self, op: Op, limit: tuple[Any, Any], unit: Unit | None) -> str:
        """Return what a comparison asks for."""
        least, most = limit
        asked = BOUNDS[op][self.language].format(self._number(most, unit))
        if least == most:
            return asked
        return asked + self.say("ranging", low=self._number(least, unit), high=self._number(most, unit))

    def _range(self, value: Interval, unit: Unit | None) -> str:
        parts = []
        if value.min is not None:
            op = Op.more_than if value.min_open else Op.at_least
            parts.append(BOUNDS[op][self.language].format(self._number(value.min, unit)))
        if value.max is not None:
            op = Op.less_than if value.max_open else Op.at_most
            parts.append(BOUNDS[op][self.language].format(self._number(value.max, unit)))
        return ("、", " and ")[self.language].join(parts) or self.say("unknown")

    def _number(self, value: Any, unit: Unit | None) -> str:
        if isinstance(value, date):
            return value.isoformat()
        if unit is None:
            return figure(value)
        return f"{figure(value)} {unit.name_en}" if self.language else f"{figure(value)}{unit.name_zh}"

    def days(self, version: Version) -> str:
        """Return the days on which a version is in force."""
        if version.effective_to is None:
            return self.say("days", first=version.effective_from)
        return self.say("days_until", first=version.effective_from, last=version.effective_to)


def figure(value: int | Decimal | Fraction) -> str:
    """Return an exact number with thousands separated; a fraction that no decimal writes exactly as a/b."""
    if isinstance(value, Fraction):
        if value.denominator == 1:
            return f"{value.numerator:,}"
        decimal = Decimal(value.numerator) / Decimal(value.denominator)
        return f"{decimal:,f}" if Fraction(decimal) == value else f"{value.numerator:,}/{value.denominator:,}"
    return f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
