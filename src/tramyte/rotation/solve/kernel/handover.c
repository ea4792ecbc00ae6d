/* Handovers in a plan under change: who is there throughout each span of weeks, and which spans are missed. */
#include "draft.h"

/* The cell that somebody of the people who go together fills in a tour, or -1. */
static int32_t cell_of(const Part *a, int32_t row, int32_t seat)
{
    if (row < a->cells)
        return row;
    const int32_t *ends = a->crew_start + row - a->cells;
    for (int32_t i = ends[0]; i < ends[1]; i++)
        if (a->crew_seat[i] == seat)
            return a->crew_cell[i];
    return -1;
}

/* Lengthen [from, until) by a stay that adjoins it, unless it is the one from `self`; returns whether it grew. */
static int grow(int64_t first, int64_t last, int64_t self, int64_t *from, int64_t *until)
{
    if (first == self || (last != *from && first != *until))
        return 0;
    *from = first < *from ? first : *from;
    *until = last > *until ? last : *until;
    return 1;
}

/* Lengthen a tour by those of the same person in the same cell, locked or not, that adjoin it. */
static void adjoin(const Part *a, const Draft *x, int64_t p, int32_t seat, int32_t cell, int64_t *from, int64_t *until)
{
    int64_t self = *from, member = a->member_start[p] + seat;
    for (int grew = 1; grew;) {
        grew = 0;
        for (int32_t k = 0; k < x->count[p]; k++) {
            const int32_t *tour = x->tours + (p * a->tours + k) * 2;
            int64_t t = tour[1] % a->weeks;
            if (cell_of(a, tour[0], seat) == cell)
                grew |= grow(t, t + a->length[tour[1] / a->weeks], self, from, until);
        }
        for (int32_t i = a->stay_start[member]; i < a->stay_start[member + 1]; i++)
            if (a->stay_cell[i] == cell)
                grew |= grow(a->stay_from[i], a->stay_until[i], self, from, until);
    }
}

/* Count again what is missed in a cell: spans in which somebody is there every week, and nobody throughout. */
static void recount(const Part *a, Draft *x, int64_t cell)
{
    int64_t T = a->weeks, hand = a->hand_of[cell];
    int32_t until[T + 1];
    until[T] = (int32_t)T;
    for (int64_t w = T - 1; w >= 0; w--) {
        int staffed = x->cover[cell * T + w] + a->hand_there[hand * T + w] > 0;
        until[w] = staffed ? until[w + 1] : (int32_t)w;
    }
    x->missed[hand] = 0;
    for (int32_t i = a->hand_start[hand]; i < a->hand_start[hand + 1]; i++)
        for (int32_t first = a->hand_first[i]; first < a->hand_last[i]; first++)
            if (until[first] >= first + a->hand_span[i] && !x->through[a->hand_at[i] + first - a->hand_first[i]])
                x->missed[hand]++;
}

static double price(const Part *a, const Draft *x, int64_t hand)
{
    return a->hand_start[hand] < a->hand_start[hand + 1] ? x->missed[hand] * a->hand_price[a->hand_start[hand]] : 0;
}

/* Somebody came to, or left, a cell with a handover; the cover is counted already. */
void hand_over(const Part *a, Draft *x, int64_t p, int32_t seat, int32_t cell, int32_t slot, int sign)
{
    int64_t hand = a->hand_of[cell], t = slot % a->weeks, end = t + a->length[slot / a->weeks], from = t, until = end;
    if (!a->rest[p])
        adjoin(a, x, p, seat, cell, &from, &until);
    for (int32_t i = a->hand_start[hand]; i < a->hand_start[hand + 1]; i++) {
        int64_t first = from > a->hand_first[i] ? from : a->hand_first[i];
        for (; first < a->hand_last[i] && first + a->hand_span[i] <= until; first++)
            if (first + a->hand_span[i] > t && first < end)
                x->through[a->hand_at[i] + first - a->hand_first[i]] += sign;
    }
    x->cost -= price(a, x, hand);
    recount(a, x, cell);
    x->cost += price(a, x, hand);
}

/* Count every handover for the first time. */
API void hand_over_all(const Part *a, Draft *x)
{
    for (int64_t j = 0; j < a->cells; j++)
        if (a->hand_of[j] >= 0) {
            x->missed[a->hand_of[j]] = 0;
            recount(a, x, j);
            x->cost += price(a, x, a->hand_of[j]);
        }
}
