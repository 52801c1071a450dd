"""Who supervises whom, from the registry alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.notification.builders import AGENCY, MEETING, POLICE, PROCURATORATE, organ

from xianjie.notification.domain.registry import RANKS, Organ, Registry, ladder


def supervisors(concerned: Organ, *overseers: Organ) -> tuple[str, ...]:
    return Registry({concerned.id: concerned}, overseers).supervisors(concerned.id)


def test_the_ladder_goes_from_the_county_over_the_prefecture_to_the_province() -> None:
    assert ladder("130926") == ("130926", "130900", "130000")
    assert ladder("130900") == ("130900", "130000")
    assert ladder("130000") == ("130000",)


def test_procuratorate_and_joint_meeting_of_the_same_county_supervise_its_agency() -> None:
    elsewhere = organ("pr-130998-pr")
    found = supervisors(organ(AGENCY), elsewhere, organ(MEETING), organ(PROCURATORATE))
    assert found == (PROCURATORATE, MEETING)


def test_without_one_in_the_county_the_procuratorate_of_the_prefecture_supervises() -> None:
    prefecture = organ("pr-130900-pr", level="prefecture")
    province = organ("pr-130000-pr", level="province")
    assert supervisors(organ(AGENCY), province, prefecture) == (prefecture.id,)


def test_without_one_in_the_prefecture_the_procuratorate_of_the_province_supervises() -> None:
    province = organ("pr-130000-pr", level="province")
    assert supervisors(organ(AGENCY), province) == (province.id,)


def test_of_several_procuratorates_in_a_region_the_one_of_the_same_level_supervises() -> None:
    county = organ("pr-310000-pr", level="county")
    branch = organ("pr-310000-pr-1", level="prefecture")
    assert supervisors(organ("ag-310000-tax", level="county"), branch, county) == (county.id,)
    assert supervisors(organ("ag-310000-tax", level="prefecture"), branch, county) == (branch.id,)


def test_a_lower_procuratorate_never_supervises_a_higher_agency() -> None:
    lower = organ("pr-310000-pr", level="county")
    assert supervisors(organ("ag-310000-tax", level="province"), lower) == ()


def test_a_development_zone_with_the_code_of_its_prefecture_supervises_no_other_county() -> None:
    zone = organ("pr-371700-pr", level="county")
    assert supervisors(organ("ag-371702-tax"), zone) == ()
    assert supervisors(organ("ag-371700-tax"), zone) == (zone.id,)


def test_an_agency_of_a_township_is_supervised_by_the_county() -> None:
    assert supervisors(organ(AGENCY, level="township"), organ(PROCURATORATE)) == (PROCURATORATE,)


def test_without_procuratorate_and_joint_meeting_the_superior_supervises() -> None:
    superior = "ag-130000-tax"
    assert supervisors(organ(AGENCY, parent=superior)) == (superior,)
    assert supervisors(organ(AGENCY, parent=superior), organ(MEETING)) == (MEETING,)


def test_a_procuratorate_is_supervised_by_its_superior_or_by_a_higher_procuratorate() -> None:
    higher, neighbour = organ("pr-130900-pr", level="prefecture"), organ("pr-130999-pr-2")
    assert supervisors(organ(PROCURATORATE), neighbour, higher, organ(MEETING)) == (higher.id,)
    superior = "pr-130000-pr"
    assert supervisors(organ(PROCURATORATE, parent=superior), higher) == (superior,)


def test_a_supervision_organ_answers_to_its_superior_only() -> None:
    concerned = organ("jc-130999-jc", parent="jc-130900-jc")
    assert supervisors(concerned, organ(PROCURATORATE), organ(MEETING)) == ("jc-130900-jc",)


def test_courts_do_not_answer_to_the_joint_meeting() -> None:
    assert supervisors(organ("ct-130999-ct"), organ(PROCURATORATE), organ(MEETING)) == (PROCURATORATE,)


def test_an_organ_that_has_ended_supervises_nobody() -> None:
    assert supervisors(organ(POLICE), organ(PROCURATORATE, change="abolished"), organ(MEETING)) == (MEETING,)


def test_the_supervisors_of_an_unknown_organ_cannot_be_told() -> None:
    assert Registry({}, (organ(PROCURATORATE),)).supervisors(AGENCY) == ()


def test_what_is_meant_for_a_merged_organ_goes_to_its_last_successors() -> None:
    first = organ("ag-130999-tax", change="merged", successors=["ag-130999-tax-2"])
    second = organ("ag-130999-tax-2", change="split", successors=["ag-130999-tax-3", "ag-130999-tax-4"])
    registry = Registry({first.id: first, second.id: second})
    assert registry.heirs(first.id) == ("ag-130999-tax-3", "ag-130999-tax-4")


def test_successors_that_point_at_each_other_still_end_somewhere() -> None:
    first = organ("ag-130999-tax", change="merged", successors=["ag-130999-tax-2"])
    second = organ("ag-130999-tax-2", change="merged", successors=["ag-130999-tax"])
    assert Registry({first.id: first, second.id: second}).heirs(first.id) == (first.id,)


def test_an_abolished_organ_without_successors_keeps_its_inbox() -> None:
    gone = organ(AGENCY, change="abolished")
    assert Registry({AGENCY: gone}).heirs(AGENCY) == (AGENCY,)


REGIONS = st.sampled_from(["130999", "130998", "130900", "131000", "130000", "140000"])
KINDS = st.sampled_from(["ag", "ps", "pr", "ct", "jc", "jm"])


@st.composite
def organs(draw: st.DrawFn, kinds: st.SearchStrategy[str] = KINDS) -> Organ:
    kind, region, number = draw(kinds), draw(REGIONS), draw(st.integers(1, 9))
    level = draw(st.sampled_from([level for level in RANKS if level != "township"]))
    return organ(f"{kind}-{region}-x-{number}", level=level)


@given(concerned=organs(), overseers=st.lists(organs(kinds=st.sampled_from(["pr", "jm"])), max_size=8))
def test_a_supervisor_is_another_organ_on_the_ladder_and_not_below(
    concerned: Organ, overseers: list[Organ]
) -> None:
    by_id = {each.id: each for each in overseers}
    overseers = list(by_id.values())
    found = supervisors(concerned, *overseers)
    assert found == supervisors(concerned, *reversed(overseers))
    assert len(set(found)) == len(found)
    for each in found:
        assert each != concerned.id
        assert by_id[each].region in ladder(concerned.region)
        assert RANKS[by_id[each].level] <= RANKS[concerned.level]


@pytest.mark.parametrize("kind", ["PR", "JM"])
@given(
    concerned=organs(kinds=st.just("ag")),
    overseers=st.lists(organs(kinds=st.sampled_from(["pr", "jm"])), max_size=8),
)
def test_no_able_overseer_of_a_kind_stands_nearer_than_the_one_that_is_found(
    kind: str, concerned: Organ, overseers: list[Organ]
) -> None:
    by_id = {each.id: each for each in overseers}
    found = [by_id[each] for each in supervisors(concerned, *by_id.values()) if by_id[each].kind == kind]
    rungs = ladder(concerned.region)
    able = [
        rungs.index(each.region)
        for each in by_id.values()
        if each.kind == kind
        and each.region in rungs
        and (
            RANKS[each.level] < RANKS[concerned.level]
            or (each.region, each.level) == (concerned.region, concerned.level)
        )
    ]
    assert [rungs.index(each.region) for each in found] == ([min(able)] if able else [])
