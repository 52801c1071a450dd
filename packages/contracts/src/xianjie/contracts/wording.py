"""What is said about each thing that can be wrong with an event: one table, Chinese and English.

A code never changes its meaning. `{where}` is the name of the field in Chinese and `{field}` its path;
the other words in braces come from the check that failed. Values are never repeated in a message: they may be
personal data, and messages end up in logs.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Wording(NamedTuple):
    """The words for one kind of problem; the arguments are the fields of `Problem` with braces to fill."""

    code: str
    detail: str
    detail_en: str
    todo: str
    todo_en: str


def _type(zh: str, en: str) -> Wording:
    return Wording(
        "event.value.type",
        f"{{where}}的类型不对，应为{zh}。",
        f"{{field}} has the wrong type; it must be {en}.",
        f'请改为{zh}；平台不作类型转换（例如"1"不会当作1）。',
        f'Send {en}; nothing is converted ("1" does not become 1).',
    )


_TEXT: Final = _type("字符串", "a string")
_WHOLE: Final = _type("整数", "an integer")
_OBJECT: Final = _type("JSON对象", "a JSON object")

OF_JSON: Final[dict[str, Wording]] = {
    "bom": Wording(
        "event.json.encoding",
        "报文以字节顺序标记（BOM）开头。",
        "The text begins with a byte order mark.",
        "请以不带BOM的UTF-8编码发送。",
        "Send UTF-8 without a byte order mark.",
    ),
    "encoding": Wording(
        "event.json.encoding",
        "报文不是有效的UTF-8编码。",
        "The text is not valid UTF-8.",
        "请将报文转换为UTF-8编码（不是GBK、GB18030）后重发。",
        "Convert the text to UTF-8 (not GBK or GB18030) and send it again.",
    ),
    "syntax": Wording(
        "event.json.syntax",
        "报文不是有效的JSON，错误在第{row}行第{column}个字符附近。",
        "The text is not JSON; the error is near row {row}, character {column}.",
        "请用JSON库生成报文；NaN、Infinity、注释和多余的逗号都不是JSON。",
        "Let a JSON library write the text; NaN, Infinity, comments and trailing commas are not JSON.",
    ),
    "surrogate": Wording(
        "event.json.surrogate",
        "文本中有不成对的代理字符（\\uD800至\\uDFFF）。",
        "A text holds half of a surrogate pair (\\uD800 to \\uDFFF).",
        "请检查截断文本的程序，重新发送完整的字符。",
        "Look for a program that cuts texts in the middle of a character, and send whole characters.",
    ),
    "depth": Wording(
        "event.json.depth",
        "JSON嵌套超过{limit}层。",
        "The JSON is nested more than {limit} levels deep.",
        "请按事件格式发送，不要嵌套无关内容。",
        "Send the event in its own shape without foreign content inside.",
    ),
    "number": Wording(
        "event.json.number",
        "数字超出可精确交换的范围（±(2^53−1)），或不是有限数。",
        "A number lies outside what JSON exchanges exactly (+/-(2^53-1)), or is not finite.",
        "请核对单位；金额用分为单位的整数，精确小数用字符串。",
        "Check the unit; money is an integer in fen, exact decimals are strings.",
    ),
    "duplicate": Wording(
        "event.json.duplicate",
        "同一对象中字段重复出现。",
        "A member stands twice in one object.",
        "请只保留一个，并检查生成报文的程序。",
        "Keep one of them and look at the program that writes the text.",
    ),
    "foreign": Wording(
        "event.json.foreign",
        "含有JSON没有的类型。",
        "This is not a JSON value.",
        "请只使用对象、数组、字符串、数字、true、false。",
        "Use objects, arrays, strings, numbers, true and false only.",
    ),
    "not_object": Wording(
        "event.json.not_object",
        "一个事件必须是一个JSON对象。",
        "An event is one JSON object.",
        "请逐个发送事件；批量请用 application/cloudevents-batch+json。",
        "Send one event as an object; for many use application/cloudevents-batch+json.",
    ),
}
"""Problems of the text itself."""

OF_EVENT: Final[dict[str, Wording]] = {
    "type": Wording(
        "event.type.unknown",
        "事件目录中没有这个事件类型。",
        "The catalogue has no such event type.",
        "请使用事件目录中的类型全名，例如 cn.xianjie.case.transferred.v1。{close}",
        "Use the full name of a type of the catalogue, such as cn.xianjie.case.transferred.v1.{close_en}",
    ),
    "dataschema": Wording(
        "event.dataschema.mismatch",
        "dataschema与事件类型不一致。",
        "The attribute dataschema does not belong to the type.",
        "请填写 {expected}。",
        "Send {expected}.",
    ),
    "emitter": Wording(
        "event.source.emitter",
        "{name}不能由{speaker}报送。",
        "{name_en} cannot come from {speaker_en}.",
        "请核对来源和事件类型；可报送的是：{allowed}。",
        "Check source and type; it may come from: {allowed_en}.",
    ),
    "reserved": Wording(
        "event.attribute.reserved",
        "{field}由平台填写，报送的事件不得带有。",
        "{field} is set by the platform and must not be sent.",
        "请删除该属性。",
        "Remove the attribute.",
    ),
    "more": Wording(
        "event.more",
        "还有{count}处问题没有列出。",
        "{count} more problems are not listed.",
        "请先改正已列出的问题，再重新报送。",
        "Correct what is listed first, then send the event again.",
    ),
}
"""Problems that the attributes have with one another."""

OF_VALUE: Final[dict[str, Wording]] = {
    "json_number": OF_JSON["number"],
    "json_foreign": OF_JSON["foreign"],
    "null": Wording(
        "event.value.null",
        "{where}为null。",
        "{field} is null.",
        "没有值时请不要写这个字段；必填字段请填写。",
        "Leave the field out when there is no value; fill it in when it is required.",
    ),
    "missing": Wording(
        "event.field.missing",
        "缺少必填的{where}。",
        "{field} is required and missing.",
        "请补充该字段。",
        "Add the field.",
    ),
    "extra_forbidden": Wording(
        "event.field.unknown",
        "{where}不是该事件的字段。",
        "{field} is not a field of this event.",
        "请核对字段名的拼写，或删除该字段；补充说明可写入note。",
        "Check the spelling of the name or remove the field; remarks belong into note.",
    ),
    "string_type": _TEXT,
    "int_type": _WHOLE,
    "int_from_float": _WHOLE,
    "bool_type": _type("true或false", "true or false"),
    "tuple_type": _type("数组", "an array"),
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "string_too_long": Wording(
        "event.text.too_long",
        "{where}超过{max_length}个字符。",
        "{field} has more than {max_length} characters.",
        "请摘要填写，全文作为文书（documents）报送。",
        "Shorten the text and send the full wording as a document.",
    ),
    "text_not_nfc": Wording(
        "event.text.not_nfc",
        "{where}不是Unicode规范化形式C（NFC）。",
        "{field} is not in Unicode normalization form C.",
        "请在发送前将文本规范化为NFC。",
        "Normalize the text to NFC before it is sent.",
    ),
    "literal_error": Wording(
        "event.value.not_in_list",
        "{where}不在允许的取值之中。",
        "{field} is not one of the allowed words.",
        "请从下列取值中选择：{words}。{close}",
        "Choose one of: {words_en}.{close_en}",
    ),
    "union_tag_invalid": Wording(
        "event.value.not_in_list",
        "区间的单位不在允许的取值之中。",
        "The unit of the interval is not one of the allowed words.",
        "请从下列取值中选择：{words}。",
        "Choose one of: {words_en}.",
    ),
    "union_tag_not_found": Wording(
        "event.field.missing",
        "区间没有单位。",
        "The interval has no unit.",
        "请填写unit：fen、int、usd_cents或decimal。",
        "Add unit: fen, int, usd_cents or decimal.",
    ),
    "occurred_without_value": Wording(
        "event.occurred.no_value",
        "精度为{precision}，但没有时间值。",
        "The precision is {precision}, but there is no value.",
        "请填写与精度相符的value；时间不详的，精度填unknown。",
        "Add a value of that precision, or say unknown.",
    ),
    "occurred_value_of_unknown": Wording(
        "event.occurred.value_of_unknown",
        "精度为unknown，不得有时间值。",
        "The precision is unknown, so there can be no value.",
        "请删除value；已知范围的，填写not_before、not_after。",
        "Remove the value; give known bounds as not_before and not_after.",
    ),
    "occurred_value_not_precision": Wording(
        "event.occurred.precision",
        "时间值与精度{precision}不符，应为{form}，例如{example}。",
        "The value does not fit the precision {precision}; {form_en} is wanted, such as {example}.",
        "请按实际掌握的精度填写，不要补造日期或时刻。",
        "State the precision that is really known; never make up a day or an hour.",
    ),
    "interval_without_bound": Wording(
        "event.fact.interval_without_bound",
        "区间没有上限也没有下限。",
        "The interval has neither a lower nor an upper bound.",
        '请至少填写min、max之一；完全不知的，填写{{"unknown": true}}。',
        'Give min or max, or say {{"unknown": true}}.',
    ),
    "interval_empty": Wording(
        "event.fact.interval_empty",
        "区间的上限小于下限。",
        "The upper bound of the interval lies below the lower one.",
        "请核对min和max。",
        "Check min and max.",
    ),
    "fact_value_count": Wording(
        "event.fact.value_count",
        "事实的取值应恰有一种，现有{count}种。",
        "A fact has exactly one kind of value; here are {count}.",
        "请只保留bool、int、decimal、fen、usd_cents、enum、interval、unknown之一。",
        "Keep one of bool, int, decimal, fen, usd_cents, enum, interval, unknown.",
    ),
    "only_true": Wording(
        "event.fact.unknown_false",
        "unknown只能为true。",
        "The member unknown can only be true.",
        "已知取值的，请删除unknown并填写取值。",
        "Where the value is known, remove unknown and state it.",
    ),
    "due_needs": Wording(
        "event.due.missing",
        "到期种类为{kind}时，必须有{member}。",
        "A due of kind {kind} needs {member}.",
        "请补充该字段，或更正kind。",
        "Add the member or correct the kind.",
    ),
    "due_excludes": Wording(
        "event.due.excluded",
        "到期种类为{kind}时，不得有{member}。",
        "A due of kind {kind} cannot have {member}.",
        "请删除该字段，或更正kind。",
        "Remove the member or correct the kind.",
    ),
    "evidence_empty": Wording(
        "event.evidence.empty",
        "证据记录没有任何内容。",
        "The record of evidence says nothing.",
        "请至少填写facts、conduct、searched、documents之一。",
        "Fill in at least one of facts, conduct, searched, documents.",
    ),
}
"""Problems of single values, by the name that the check gives them."""

FORM: Final = Wording(
    "event.form.{form}",
    "{where}不是有效的{zh}，例如{example}。",
    "{field} does not have the form of its kind ({en}); an example is {example}.",
    "请按示例的格式填写{zh}。",
    "Send the {en} in the form of the example.",
)
"""A text that does not have its form."""
