"""A second evaluator of the filing standards: simple, slow, and independent of the product.

Written from the specification of the rule language and the data format alone. A case is a plain dict in the
format of the worked cases: offence, act_date, decision_date, province, closed_world, searched, facts, acts,
history, findings; days are `date`, numbers `Fraction`, None is unknown, a number within bounds is {"min",
"max", "min_open", "max_open"}. Truth is True, False or None. What is left open is stated where it is read.
"""

import calendar
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

WORDS = {True: "met", False: "not_met", None: "insufficient"}
FAVOUR = ("met", "insufficient", "not_met")  # least favourable first
UNSET = (None, "", "null")
SHARES = ("percent", "multiple", "mg_per_100ml")  # of several the highest counts; they do not add up
HUMAN = ("discretionary", "unread_limb")
ONE, ZERO = Fraction(1), (Fraction(0), 0)
LOWEST, HIGHEST = (float("-inf"), 0), (float("inf"), 0)  # ends that are not there; no amount is ever a float
Record = dict[str, Any]
Truth = bool | None
Ends = tuple[tuple[Any, int], tuple[Any, int]]


def read(path: Path) -> Any:
    """The file with every scalar as the string that stands in it, so that no binary float can arise."""
    with path.open(encoding="utf-8") as stream:
        return yaml.load(stream, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))


def day(text: Any, otherwise: date) -> date:
    return otherwise if text in UNSET else date.fromisoformat(text)


def load(law: Path) -> Record:
    parameters = {parameter["id"]: parameter for parameter in read(law / "parameters.yaml")["parameters"]}
    for path in sorted((law / "overlays").glob("*.yaml")):
        content = read(path)
        for overlay in content["overlays"]:
            overlay["province"] = content.get("province", path.stem)
            parameters[overlay["parameter"]].setdefault("overlays", []).append(overlay)
    offences = {path.stem: read(path) for path in sorted((law / "standards").glob("*.yaml"))}
    for version in [version for offence in offences.values() for version in offence["versions"]]:
        version["from"] = day(version["effective_from"], date.min)
        version["to"] = day(version.get("effective_to"), date.max)
        version["parts"] = {part: version[part] for part in ("gate", "criteria", "bars") if part in version}
        nodes = [node for tree in version["parts"].values() for node in walk(tree)]
        for node in nodes:
            node.setdefault("id", f"{version['id']}/gate")  # only the root of a gate has none
            if node.get("op") in OPERATORS and not isinstance(node["value"], dict):
                node["value"] = Fraction(node["value"])
            for term in node.get("terms", []):
                term["weight"] = Fraction(term.get("coefficient", 1)) / Fraction(term.get("standard", 1))
        version["reads"] = sorted({name for node in nodes for name in facts_of(node)})
        version["tries"] = any(node.get("outcome") == "attempt" for node in nodes)
    facts = read(law / "facts.yaml")["facts"]
    return {"facts": {fact["name"]: fact for fact in facts}, "parameters": parameters, "offences": offences}


def children(node: Record) -> list[Record]:
    return node.get("all_of") or node.get("any_of") or node.get("of") or []


def walk(node: Record) -> list[Record]:
    return [node, *(below for child in children(node) for below in walk(child))]


def facts_of(node: Record) -> list[str]:
    return [node["fact"]] if "fact" in node else [term["fact"] for term in node.get("terms", [])]


# An end of a number is (number, side): just below it (-1), the number itself (0), just above it (1). Ends and
# limits then compare as they stand: from (100, 1) upwards is more than 100, from (100, 0) upwards reaches it.
OPERATORS: Record = {  # (value, limit), both as ends -> (certainly so, certainly not so)
    ">=": lambda value, limit: (value[0] >= limit[1], value[1] < limit[0]),
    ">": lambda value, limit: (value[0] > limit[1], value[1] <= limit[0]),
    "<=": lambda value, limit: (value[1] <= limit[0], value[0] > limit[1]),
    "<": lambda value, limit: (value[1] < limit[0], value[0] >= limit[1]),
    "==": lambda value, limit: (len({*value, *limit}) == 1, value[1] < limit[0] or value[0] > limit[1]),
}


def ends(value: Any, whole: bool = False) -> Ends:
    if not isinstance(value, dict):
        return (value, 0), (value, 0)
    (low, above), (high, below) = ((value.get(end), value.get(f"{end}_open", 0)) for end in ("min", "max"))
    if whole:  # the whole numbers inside
        low = None if low is None else low // 1 + 1 if low % 1 or above else low
        high = None if high is None else -(-high // 1) - 1 if high % 1 or below else high
        above = below = 0
    return LOWEST if low is None else (low, above), HIGHEST if high is None else (high, -below)


def added(parts: list[tuple[Ends, Fraction]]) -> Ends:
    low, high = (sum((weight * both[end][0] for both, weight in parts), Fraction(0)) for end in (0, 1))
    return (low, max(both[0][1] for both, _ in parts)), (high, min(both[1][1] for both, _ in parts))


def months_before(last: date, months: int) -> date:
    """The same day of the month so many months earlier; the last day of that month if it has no such day."""
    year, month = divmod(last.year * 12 + last.month - 1 - months, 12)
    return date(year, month + 1, min(last.day, calendar.monthrange(year, month + 1)[1]))


def counted(act: Record, rule: Record | None, last: date) -> Truth:
    """Whether an act is added up; unknown where its day would decide and is not known.

    The window runs back from the last act, both ends included; it does not exclude a crime that can be
    prosecuted by itself. An act is open to handling while prosecutable, unless `punishable` says otherwise.
    """
    if act.get("treated", False) or rule is None:
        return not act.get("treated", False)
    scope, prosecutable = rule["scope"], act.get("prosecutable", True)
    punishable = act.get("punishable", prosecutable)
    needed = {"untreated_and_prosecutable": prosecutable, "untreated_and_punishable": punishable}
    if not needed.get(scope, True):
        return False
    alone = scope == "untreated_or_prosecutable" and act.get("prosecutable_crime", False) and prosecutable
    if alone or rule["window_months"] == "0":
        return True
    return None if act["date"] is None else months_before(last, int(rule["window_months"])) <= act["date"]


def from_acts(fact: Record, rule: Record | None, case: Record, absent: bool) -> Ends:
    """What several acts say about a number: their sum where a rule adds it up.

    A counted act that does not name it adds nothing if absence was stated, else an unknown amount. Without a
    rule one act alone may reach a limit: the number lies between the largest of the untreated acts and all of
    them together; that of shares between the largest and the largest.
    """
    amounts: list[Ends] = [(ZERO, ZERO)]
    for act in case["acts"]:
        truth = counted(act, rule, case["act_date"])
        value = act.get(fact["name"], Fraction(0) if absent else None)
        least, most = ends({} if value is None else value, fact["type"] == "integer")
        if truth is not False:
            amounts.append((max(least, ZERO) if truth else ZERO, most))
    low, high = added([(amount, ONE) for amount in amounts])
    largest = tuple(max(amount[end] for amount in amounts) for end in (0, 1))
    return (low if rule else largest[0]), (high if rule or fact.get("unit") not in SHARES else largest[1])


def from_history(fact: Record, case: Record) -> int:
    """How many earlier penalties count: in effect by the act, which lies in the window from there."""
    rule, number = fact["history"], 0
    for entry in case["history"]:
        if entry["kind"] == rule["counts"] and entry.get("matter", "same") == "same":
            start, years = entry["effective_date"], rule["window_years"]
            until = date.max if years in UNSET else months_before(start, -12 * int(years))
            number += start <= case["act_date"] <= until
    return number


def known(law: Record, version: Record, case: Record) -> tuple[Record, Record]:
    """What holds of each fact that the version reads (truth, word or ends), and the sums over acts.

    Absence is stated, never assumed: for the whole case or for single facts; never for enums, days and
    judgement facts. A history is complete only where that was stated, else it shows how many there are at
    least; where a number is recorded as well, the greater holds.
    """
    facts, sums = dict[str, Any](), dict[str, Any]()
    for name in version["reads"]:
        fact, value, mentioned = law["facts"][name], case["facts"].get(name), name in case["facts"]
        numeric = fact["type"] in ("integer", "decimal", "money")
        stated = case.get("closed_world", False) or name in case.get("searched", ())
        absent = stated and fact["type"] not in ("enum", "date") and fact.get("judgement") != "true"
        named = numeric and any(name in act for act in case.get("acts", []))
        rule = version["cumulation"] if name in version.get("cumulation", {"facts": ()})["facts"] else None
        if named and (rule or not mentioned):
            facts[name] = from_acts(fact, rule, case, absent)
            sums |= {name: facts[name]} if rule else {}
        elif value is not None:
            facts[name] = ends(value, fact["type"] == "integer") if numeric else value
        elif absent and not mentioned:
            facts[name] = (ZERO, ZERO) if numeric else False
        if fact.get("derived_from") == "history" and case.get("history"):
            number = from_history(fact, case)
            if numeric:
                least, most = (ZERO, ZERO if absent else HIGHEST) if value is None else facts[name]
                facts[name] = max(least, (number, 0)), max(most, (number, 0))
            elif number or (value is None and absent):
                facts[name] = bool(number)
    return facts, sums


def limit_of(law: Record, value: Any, case: Record) -> Ends:
    """The limit; as a range where a province may set it and none has that is on record.

    The overlay is that of the province on the day of the act; one without a date of effect has no first day.
    """
    if not isinstance(value, dict):
        return ends(value)
    parameter, found = law["parameters"][value["param"]], []
    for overlay in parameter.get("overlays", []):
        first, last = day(overlay.get("effective_from"), date.min), day(overlay.get("effective_to"), date.max)
        if overlay["province"] == case.get("province") and first <= case["act_date"] <= last:
            found.append((first, overlay["value"]))
    amounts = [max(found)[1]] * 2 if found else [parameter["min"], parameter["max"]]
    low, high = (Fraction(amount) * Fraction(value.get("factor", 1)) for amount in amounts)
    return (low, 0), (high, 0)


def leaf(law: Record, node: Record, facts: Record, case: Record) -> Truth:
    if any(name not in facts for name in facts_of(node)):  # a predicate over an absent fact is insufficient
        return None
    if node["op"] in ("is_true", "is_false"):
        return bool(facts[node["fact"]] == (node["op"] == "is_true"))
    if node["op"] == "in":
        return facts[node["fact"]] in node["value"]
    terms = [(facts[term["fact"]], term["weight"]) for term in node.get("terms", [])]
    value = added(terms) if terms else facts[node["fact"]]
    surely, never = OPERATORS[node["op"]](value, limit_of(law, node["value"], case))
    return True if surely else False if never else None


def reached(truths: list[Truth], least: int) -> Truth:
    surely, maybe = truths.count(True), len(truths) - truths.count(False)
    return True if surely >= least else None if maybe >= least else False


def evaluate(law: Record, version: Record, case: Record) -> Record:
    if "status" in version:
        return answer(version["id"], {"standard_text_missing"})
    facts, sums = known(law, version, case)
    truths: dict[str, Truth] = {}

    def at(node: Record, listed: bool, completed: bool) -> Truth:
        below = [at(child, listed, completed) for child in children(node)]
        if completed and node.get("outcome") == "attempt":
            truth: Truth = False
        elif below:
            truth = reached(below, len(below) if "all_of" in node else int(node.get("at_least", 1)))
        elif node.get("kind") in HUMAN:
            truth = False if listed else case.get("findings", {}).get(node["id"])
        else:
            truth = leaf(law, node, facts, case)
        truths[node["id"]] = truth
        return truth

    def result(*, listed: bool = False, completed: bool = False) -> Truth:
        """gate AND criteria AND NOT bars; without discretion (listed), without attempts (completed)."""
        parts = {name: at(tree, listed, completed) for name, tree in version["parts"].items()}
        barred = parts.pop("bars", False)
        return reached([*parts.values(), None if barred is None else not barred], len(parts) + 1)

    def chain(node: Record, truth: Truth) -> list[Record]:
        """The nodes with this truth, as far as every node above has it too: what decides, or still can."""
        below = [found for child in children(node) for found in chain(child, truth)]
        return [node, *below] if truths[node["id"]] is truth else []

    listed, attempt = result(listed=True), version["tries"] and result(completed=True) is not True
    said = answer(version["id"], set(), result(), listed=listed, sums=sums, truths=truths)
    if said["result"] == "met":
        said["deciding"] = {node["id"] for node in chain(version["criteria"], True)}
        said["outcome"] = "attempt" if attempt else None
    undecided = [node for tree in version["parts"].values() for node in chain(tree, None)]
    for node in undecided if said["result"] == "insufficient" else []:
        values = {name: facts.get(name) for name in facts_of(node)}
        said["missing_facts"] |= {name for name, at in values.items() if at is None or at[0] != at[1]}
        said["pending_human"] |= {node["id"]} if node.get("kind") in HUMAN else set()
        said["reasons"] |= {"unread_limb"} if node.get("kind") == "unread_limb" else set()
        if isinstance(node.get("value"), dict) and None not in values.values():
            least, most = limit_of(law, node["value"], case)
            said["reasons"] |= {"provincial_amount_unknown"} if least != most else set()
    return said


def answer(version: str | None, reasons: set[str], result: Truth = None, **more: Any) -> Record:
    said: Record = {key: set() for key in ("deciding", "missing_facts", "pending_human")}
    said |= {"version": version, "result": WORDS[result], "enumerated": WORDS[more.pop("listed", None)]}
    return said | {"reasons": reasons, "sums": {}, "truths": {}, "outcome": None, "other": None} | more


def judge(law: Record, case: Record) -> Record:
    """Without a day of decision the case is decided on the day of the act; `other` is what is shown beside.

    In a gap between two versions the later of the two governs, if any version is in force at the decision.
    """
    versions, act = law["offences"][case["offence"]]["versions"], case["act_date"]
    days = (act, case.get("decision_date") or act)
    then, later = ([version for version in versions if version["from"] <= on <= version["to"]] for on in days)
    if not then and not later:
        return answer(None, {"no_version_in_force"})
    if act < versions[0]["from"]:
        said = evaluate(law, later[0], case)
        return said if said["result"] == "not_met" else answer(None, {"before_first_version"}, other=said)
    said = evaluate(law, [*then, *(version for version in versions if version["from"] > act)][0], case)
    if not later:
        return said | {"reasons": {"repealed_without_successor"}}
    if later[0]["id"] == said["version"]:
        return said
    other = evaluate(law, later[0], case)
    favour = [[FAVOUR.index(one[key]) for key in ("result", "enumerated")] for one in (other, said)]
    if "status" not in later[0] and favour[0] > favour[1]:
        said, other = other, said
    return said | {"other": other if said["missing_facts"] | other["missing_facts"] else None}
