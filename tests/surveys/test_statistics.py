"""The arithmetic of satisfaction: worked values of the handbook (domain.md 3.1-3.5), and scipy."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from surveys import statistics
from surveys.statistics import Sample

WEIGHTS = {"initiation": 15, "advisor": 20, "facility": 15, "pickup": 18, "quality": 32}
mark = st.integers(1, 10)


def sample(values) -> Sample:
    values = [Decimal(value) for value in values]
    return Sample(len(values), sum(values), sum(value * value for value in values))


class TestCsi:
    def test_all_tens_is_1000_and_all_ones_is_100(self):
        assert statistics.csi({code: [10, 10] for code in WEIGHTS}, WEIGHTS) == Decimal("1000.0")
        assert statistics.csi({code: [1] for code in WEIGHTS}, WEIGHTS) == Decimal("100.0")

    def test_a_worked_example(self):
        scores = {
            "initiation": [8, 9],
            "advisor": [9, 9, 8],
            "facility": [7, 8],
            "pickup": [10, 9, 9],
            "quality": [8, 8, 7],
        }

        # 15×8.5 + 20×26/3 + 15×7.5 + 18×28/3 + 32×23/3 = 826.67
        assert statistics.csi(scores, WEIGHTS) == Decimal("826.7")

    def test_a_missing_item_renormalises_within_its_factor(self):
        whole = {code: [8, 8, 8] for code in WEIGHTS}

        assert statistics.csi(whole | {"quality": [8, None, 8]}, WEIGHTS) == statistics.csi(whole, WEIGHTS)

    @pytest.mark.parametrize(
        ("items", "mean"),
        [
            ([8, None], Decimal(8)),  # exactly half counts
            ([8, None, None], None),
            ([8, 9, None], Decimal("8.5")),
            ([None, None], None),
            ([], None),
        ],
    )
    def test_a_factor_needs_half_of_its_items(self, items, mean):
        assert statistics.factor_mean(items) == mean

    def test_a_factor_below_half_drops_the_answer(self):
        scores = {code: [9, 9, 9] for code in WEIGHTS} | {"facility": [9, None, None]}

        assert statistics.csi(scores, WEIGHTS) is None
        assert statistics.csi(scores, WEIGHTS | {"facility": 0, "quality": 47}) == Decimal("900.0")
        assert statistics.csi({}, {}) is None

    @given(st.fixed_dictionaries({code: st.lists(mark, min_size=1, max_size=4) for code in WEIGHTS}))
    @settings(max_examples=50, deadline=None)
    def test_the_index_is_the_weighted_mean_of_factor_means(self, scores):
        expected = sum(WEIGHTS[code] * sum(items) / len(items) for code, items in scores.items())

        assert float(statistics.csi(scores, WEIGHTS)) == pytest.approx(expected, abs=0.0501)


class TestWilson:
    @pytest.mark.parametrize(
        ("k", "n", "low", "high"), [(27, 30, 0.744, 0.965), (20, 20, 0.839, 1.0), (0, 20, 0.0, 0.161), (0, 0, 0.0, 1.0)]
    )
    def test_worked_values(self, k, n, low, high):
        assert [round(bound, 3) for bound in statistics.wilson(k, n)] == [low, high]

    @given(
        st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
        st.sampled_from([0.8, 0.95, 0.99]),
    )
    @settings(max_examples=80, deadline=None)
    def test_as_scipy(self, kn, level):
        expected = stats.binomtest(*kn).proportion_ci(level, method="wilson")

        assert statistics.wilson(*kn, level) == pytest.approx((expected.low, expected.high), abs=1e-12)

    def test_more_than_all_is_refused(self):
        with pytest.raises(ValueError, match="3 of 2"):
            statistics.wilson(3, 2)


class TestMeans:
    @pytest.mark.parametrize(("n", "half"), [(30, 67), (100, 36), (385, 18)])
    def test_worked_values_of_a_spread_of_180(self, n, half):
        low, high = statistics.mean_interval(n, 800 * n, (n - 1) * 180**2 + n * 800**2)

        assert (round(low), round(high)) == (800 - half, 800 + half)

    @given(st.floats(1, 100_000), st.sampled_from([0.5, 0.9, 0.95, 0.999]))
    @settings(max_examples=80, deadline=None)
    def test_quantiles_of_t_as_scipy(self, df, level):
        assert statistics.t_quantile(df, level) == pytest.approx(stats.t.ppf((1 + level) / 2, df), rel=1e-9)

    @given(st.lists(st.integers(100, 1000), min_size=2, max_size=60))
    @settings(max_examples=50, deadline=None)
    def test_interval_as_scipy(self, values):
        low, high = statistics.mean_interval(*vars(sample(values)).values())
        if len(set(values)) == 1:
            assert low == high == values[0]
            return
        expected = stats.t.interval(0.95, len(values) - 1, loc=sum(values) / len(values), scale=stats.sem(values))
        assert (low, high) == pytest.approx(expected, rel=1e-9)

    def test_one_answer_has_no_interval(self):
        assert statistics.mean_interval(1, 800, 640_000) is None

    @given(st.lists(mark, min_size=2, max_size=40), st.lists(mark, min_size=2, max_size=40))
    @settings(max_examples=50, deadline=None)
    # A group of equal marks: scipy warns of what Decimal sums do not suffer from.
    @pytest.mark.filterwarnings("ignore:Precision loss:RuntimeWarning")
    def test_difference_as_scipys_welch(self, a, b):
        ours = statistics.difference_interval(sample(a), sample(b))
        if len(set(a)) == len(set(b)) == 1:
            assert ours == (a[0] - b[0], a[0] - b[0])
            return
        welch = stats.ttest_ind(a, b, equal_var=False)
        expected = welch.confidence_interval(0.95)
        assert ours == pytest.approx((expected.low, expected.high), rel=1e-7, abs=1e-9)
        assert statistics.difference_p(sample(a), sample(b)) == pytest.approx(welch.pvalue, rel=1e-7, abs=1e-12)

    def test_small_groups_are_drawn_to_the_store(self):
        assert statistics.shrink(30, 900, 800) == 850
        assert statistics.shrink(0, 0, 800) == 800


class TestNps:
    @pytest.mark.parametrize(("n", "half"), [(30, 24), (50, 19), (100, 13), (200, 9), (400, 7)])
    def test_worked_values(self, n, half):
        promoters, detractors = n * 6 // 10, n // 10
        low, high = statistics.nps_interval(promoters, detractors, n)

        assert statistics.nps(promoters, detractors, n) == 50
        assert (round(high - 50), round(50 - low)) == (half, half)

    def test_a_handful_of_promoters_is_not_certain(self):
        low, high = statistics.nps_interval(5, 0, 5)

        assert high == 100
        assert low < 60

    def test_nobody_asked(self):
        assert statistics.nps(0, 0, 0) is None
        assert statistics.nps_interval(0, 0, 0) is None


@pytest.mark.parametrize(
    ("margin", "sizes"),
    [
        (0.05, {100: 80, 200: 132, 300: 169, 500: 218, 1000: 278, 2000: 323, 5000: 357}),
        (0.1, {100: 50, 200: 66, 300: 73, 500: 81, 1000: 88, 2000: 92, 5000: 95}),
    ],
)
def test_sample_sizes_of_the_handbook(margin, sizes):
    assert {n: statistics.sample_size(n, margin) for n in sizes} == sizes


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20), st.sampled_from([0.01, 0.05, 0.2]))
@settings(max_examples=80, deadline=None)
def test_benjamini_hochberg_as_scipy(p_values, q):
    adjusted = stats.false_discovery_control(p_values)

    assert statistics.benjamini_hochberg(p_values, q) == pytest.approx([p <= q for p in adjusted])


def test_benjamini_hochberg_worked():
    assert statistics.benjamini_hochberg([0.04, 0.001, 0.03, 0.5]) == [False, True, False, False]
    assert statistics.benjamini_hochberg([]) == []
