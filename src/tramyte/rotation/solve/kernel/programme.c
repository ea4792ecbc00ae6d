/* The exact programme of every person at given prices: the best set of tours, and what it is worth. */
#include "part.h"

/* The sum of each slot's weeks for one cell; gain: (T). Slots past the end are FAR. */
API void windows(const Part *a, const double *gain, double *sum)
{
    int64_t T = a->weeks;
    for (int64_t d = 0; d < a->lengths; d++) {
        int64_t span = T - a->length[d] + 1;
        double total = 0;
        for (int64_t t = 0; t < a->length[d] && t < T; t++)
            total += gain[t];
        for (int64_t t = 0; t < T; t++) {
            sum[d * T + t] = t < span ? total : FAR;
            if (t + 1 < span)
                total += gain[t + a->length[d]] - gain[t];
        }
    }
}

static void add_up(int64_t slots, double *sums, int64_t row, const int32_t *of, int32_t from, int32_t until)
{
    for (int64_t s = 0; s < slots; s++)
        sums[row * slots + s] = 0;
    for (int32_t i = from; i < until; i++)
        for (int64_t s = 0; s < slots; s++)
            sums[row * slots + s] += sums[of[i] * slots + s];
}

/* Windows of what every cell's week earns, and of crews: sums (rows, slots). */
API void spread(const Part *a, const double *earn, double *sums)
{
    for (int64_t j = 0; j < a->cells; j++)
        windows(a, earn + j * a->weeks, sums + j * SLOTS(a));
    for (int64_t i = 0; i < a->rows - a->cells; i++)
        add_up(SLOTS(a), sums, a->cells + i, a->crew_cell, a->crew_start[i], a->crew_start[i + 1]);
}

/* Windows of the price of weeks away: gone (homes, slots). */
API void spread_homes(const Part *a, const double *absent, double *gone)
{
    for (int64_t c = 0; c < a->caps; c++)
        windows(a, absent + c * a->weeks, gone + c * SLOTS(a));
    for (int64_t i = 0; i < a->homes - a->caps; i++)
        add_up(SLOTS(a), gone, a->caps + i, a->home_cap, a->home_start[i], a->home_start[i + 1]);
}

/*
 * The best cell of one lane by slot. best and at hold what to beat; of equals the first cell stays.
 * cap: (rows, slots) what savings count for at most, or null
 * span: (rows, D, 2) from where to where a row saves anything, or null: look everywhere
 */
FAST void lane_best(const Part *a, int64_t lane, const double *sums, const double *cap, const int32_t *span,
                    double *restrict best, int64_t *restrict at)
{
    int64_t slots = SLOTS(a), T = a->weeks;
    for (int32_t i = a->lane_start[lane]; i < a->lane_start[lane + 1]; i++) {
        int64_t cell = a->lane_cell[i];
        double fare = a->lane_fare[i];
        for (int64_t d = 0; d < a->lengths; d++) {
            if (!a->lane_lengths[lane * a->lengths + d])
                continue;
            const double *sum = sums + cell * slots + d * T;
            const double *most = (cap ? cap : sums) + cell * slots + d * T;
            double *top = best + d * T;
            int64_t *where = at + d * T;
            const int32_t *ends = span + (cell * a->lengths + d) * 2;
            int64_t last = span ? ends[1] : T;
            for (int64_t t = span ? ends[0] : 0; t < last; t++) {
                double net = (sum[t] < most[t] ? sum[t] : most[t]) - fare;
                where[t] = net > top[t] ? cell : where[t];
                top[t] = net > top[t] ? net : top[t];
            }
        }
    }
}

FAST static void better(int64_t slots, const double *restrict net, const int64_t *restrict from, double *restrict best,
                        int64_t *restrict at)
{
    for (int64_t s = 0; s < slots; s++) {
        at[s] = net[s] > best[s] ? from[s] : at[s];
        best[s] = net[s] > best[s] ? net[s] : best[s];
    }
}

/* What is one person's own: returns, tours in force, the price of weeks away (gone, or null), closed slots. */
void personal(const Part *a, int64_t p, const double *sums, const double *gone, double *worth, int64_t *at)
{
    int64_t slots = SLOTS(a);
    const uint8_t *open = a->open + p * slots;
    for (int32_t i = a->bonus_start[p]; !a->bonus_wish && i < a->bonus_start[p + 1]; i++)
        for (int64_t s = 0; s < slots; s++) {
            double net = sums[a->bonus_cell[i] * slots + s] + a->bonus_gain[i];
            at[s] = net > worth[s] ? a->bonus_cell[i] : at[s];
            worth[s] = net > worth[s] ? net : worth[s];
        }
    for (int32_t i = a->bonus_start[p]; a->bonus_wish && i < a->bonus_start[p + 1]; i++)
        for (int64_t s = 0; s < slots; s++) {
            double net = sums[a->bonus_cell[i] * slots + s] + a->bonus_gain[i] - a->bonus_wish[i * slots + s];
            at[s] = net > worth[s] ? a->bonus_cell[i] : at[s];
            worth[s] = net > worth[s] ? net : worth[s];
        }
    for (int32_t i = a->kept_start[p]; i < a->kept_start[p + 1]; i++) {
        int64_t s = a->kept_slot[i];
        double net = sums[a->kept_cell[i] * slots + s] + a->kept_gain[i];
        at[s] = net > worth[s] ? a->kept_cell[i] : at[s];
        worth[s] = net > worth[s] ? net : worth[s];
    }
    for (int64_t s = 0; s < slots; s++)
        worth[s] = open[s] ? worth[s] - (gone ? gone[s] : 0) : FAR;
    if (a->toll)
        for (int64_t s = 0; s < slots; s++)
            worth[s] -= open[s] ? a->toll[p * slots + s] : 0;
}

/* What the weeks of one more tour of length d cost in fairness, after so many. */
static double dearer(const double *excess, int32_t load, int32_t weeks)
{
    return excess[load + weeks] - excess[load];
}

/*
 * The most a person can still earn, by week from which he is free and state: value (T + 1, states), backwards.
 * Returns what the whole campaign is worth to him.
 */
double programme(const Part *a, int64_t p, const double *worth, double *value)
{
    int64_t T = a->weeks, first = a->state_start[a->kind[p]], n = a->state_start[a->kind[p] + 1] - first;
    const double *excess = a->excess + p * a->loads;
    const int32_t *load = a->state_load + first, *next = a->state_next + first * a->lengths;
    for (int64_t s = 0; s < n; s++)
        value[T * n + s] = 0;
    for (int64_t t = T - 1; t >= 0; t--) {
        double *here = value + t * n;
        for (int64_t s = 0; s < n; s++)
            here[s] = here[n + s];
        for (int64_t d = 0; d < a->lengths; d++) {
            double net = worth[d * T + t];
            if (net <= 0) /* what earns nothing is never missed */
                continue;
            int64_t then = t + a->length[d] + a->rest[p];
            const double *after = value + (then < T ? then : T) * n;
            for (int64_t s = 0; s < n; s++) {
                int32_t to = next[s * a->lengths + d];
                if (to < 0)
                    continue;
                double v = net - dearer(excess, load[s], a->length[d]) + after[to];
                here[s] = v > here[s] ? v : here[s];
            }
        }
    }
    return value[0];
}

/* Walk forward through the best programme; slots: room for the most tours. Returns how many. */
int64_t trace(const Part *a, int64_t p, const double *worth, const double *value, int32_t *slots)
{
    int64_t T = a->weeks, first = a->state_start[a->kind[p]], n = a->state_start[a->kind[p] + 1] - first;
    const double *excess = a->excess + p * a->loads;
    const int32_t *load = a->state_load + first, *next = a->state_next + first * a->lengths;
    int64_t found = 0, s = 0, t = 0;
    while (t < T) {
        double now = value[t * n + s];
        int64_t then = t + 1, after = s;
        for (int64_t d = 0; value[(t + 1) * n + s] != now && d < a->lengths; d++) {
            double net = worth[d * T + t];
            int32_t to = next[s * a->lengths + d];
            int64_t end = t + a->length[d] + a->rest[p];
            end = end < T ? end : T;
            if (net > 0 && to >= 0 && net - dearer(excess, load[s], a->length[d]) + value[end * n + to] == now) {
                slots[found++] = (int32_t)(d * T + t);
                then = end;
                after = to;
                break;
            }
        }
        t = then;
        s = after;
    }
    return found;
}

/* What one person is offered by slot, and where, given the best of every lane. */
static void offers(const Part *a, int64_t p, Space *m)
{
    int64_t slots = SLOTS(a);
    for (int64_t s = 0; s < slots; s++) {
        m->worth[s] = FAR;
        m->at[s] = 0;
    }
    for (int32_t i = a->own_start[p]; i < a->own_start[p + 1]; i++)
        better(slots, m->lanes + a->own_lane[i] * slots, m->lanes_at + a->own_lane[i] * slots, m->worth, m->at);
    personal(a, p, m->sums, m->gone + a->cap[p] * slots, m->worth, m->at);
}

/* Windows of all prices, and the best of every lane that somebody asked is on. */
static void prepare(const Part *a, const double *earn, const double *absent, const uint8_t *who, Space *m)
{
    int64_t slots = SLOTS(a);
    spread(a, earn, m->sums);
    spread_homes(a, absent, m->gone);
    for (int64_t l = 0; l < a->lanes; l++)
        m->asked[l] = 0;
    for (int64_t p = 0; p < a->people; p++)
        for (int32_t i = a->own_start[p]; who[p] && i < a->own_start[p + 1]; i++)
            m->asked[a->own_lane[i]] = 1;
    for (int64_t l = 0; l < a->lanes; l++) {
        if (!m->asked[l])
            continue;
        for (int64_t s = 0; s < slots; s++) {
            m->lanes[l * slots + s] = FAR;
            m->lanes_at[l * slots + s] = 0;
        }
        lane_best(a, l, m->sums, 0, 0, m->lanes + l * slots, m->lanes_at + l * slots);
    }
}

/* Count the weeks of a tour of people who go together. */
static void stand(const Part *a, int64_t p, int64_t row, int64_t t, int64_t end, int32_t *cover, int32_t *away)
{
    const int32_t *crew = a->crew_start + row - a->cells, *home = a->home_start + a->cap[p] - a->caps;
    for (int32_t i = crew[0]; i < crew[1]; i++)
        for (int64_t w = t; w < end; w++)
            cover[a->crew_cell[i] * a->weeks + w]++;
    for (int32_t i = home[0]; i < home[1]; i++)
        for (int64_t w = t; w < end; w++)
            away[a->home_cap[i] * a->weeks + w]++;
}

/*
 * Let everybody asked choose at prices earn (J, T) and absent (C, T). Returns what they earn in all.
 *
 * who   : (P) bytes, 0: not asked; cover: (J, T), away: (C, T) out, people there, people away
 * tours : (room, 3) out: person, cell, slot; count: out, how many
 */
double choose_all(const Part *a, const double *earn, const double *absent, const uint8_t *who, int32_t *cover,
                  int32_t *away, int32_t *tours, int64_t *count, Space *m)
{
    int64_t T = a->weeks;
    double total = 0;
    int32_t chosen[a->tours + 1];
    prepare(a, earn, absent, who, m);
    for (int64_t i = 0; i < a->cells * T; i++)
        cover[i] = 0;
    for (int64_t i = 0; i < a->caps * T; i++)
        away[i] = 0;
    *count = 0;
    for (int64_t p = 0; p < a->people; p++) {
        if (!who[p] || a->own_start[p] == a->own_start[p + 1])
            continue;
        offers(a, p, m);
        double worth = programme(a, p, m->worth, m->value);
        total += worth;
        int64_t n = worth > 0 ? trace(a, p, m->worth, m->value, chosen) : 0;
        for (int64_t i = 0; i < n; i++) {
            int64_t t = chosen[i] % T, end = t + a->length[chosen[i] / T], cell = m->at[chosen[i]];
            int32_t *row = tours + 3 * (*count)++;
            row[0] = (int32_t)p;
            row[1] = (int32_t)cell;
            row[2] = chosen[i];
            if (cell >= a->cells)
                stand(a, p, cell, t, end, cover, away);
            for (; cell < a->cells && t < end; t++) {
                cover[cell * T + t]++;
                away[a->cap[p] * T + t]++;
            }
        }
    }
    return total;
}

/* What each person asked earns at best: worth (P) out. */
API void worths(const Part *a, const double *earn, const double *absent, const uint8_t *who, double *worth, Space *m)
{
    prepare(a, earn, absent, who, m);
    for (int64_t p = 0; p < a->people; p++) {
        worth[p] = 0;
        if (!who[p] || a->own_start[p] == a->own_start[p + 1])
            continue;
        offers(a, p, m);
        worth[p] = programme(a, p, m->worth, m->value);
    }
}

/* Let every cell's week buy people at these prices, beside base (J, T) who are there: the sum of price and pay. */
double buy_all(const Part *a, const double *earn, const int32_t *base, int32_t *buy)
{
    double total = 0;
    for (int64_t i = 0; i < a->cells * a->weeks; i++) {
        const double *price = a->price + i * a->levels;
        int64_t from = base[i] < a->levels - 1 ? base[i] : a->levels - 1;
        double best = price[from];
        buy[i] = 0;
        for (int64_t y = from + 1; y < a->levels; y++)
            if (price[y] + earn[i] * (double)(y - from) < best) {
                best = price[y] + earn[i] * (double)(y - from);
                buy[i] = (int32_t)(y - from);
            }
        total += best;
    }
    return total;
}

/* The most a person can have earned when he is free from a week in a state: forward (T + 1, states). */
static void onward(const Part *a, int64_t p, const double *worth, double *forward)
{
    int64_t T = a->weeks, first = a->state_start[a->kind[p]], n = a->state_start[a->kind[p] + 1] - first;
    const double *excess = a->excess + p * a->loads;
    const int32_t *load = a->state_load + first, *next = a->state_next + first * a->lengths;
    for (int64_t i = 0; i < (T + 1) * n; i++)
        forward[i] = FAR;
    forward[0] = 0;
    for (int64_t t = 0; t < T; t++) {
        double *here = forward + t * n;
        for (int64_t s = 0; s < n; s++)
            here[n + s] = here[s] > here[n + s] ? here[s] : here[n + s];
        for (int64_t d = 0; d < a->lengths; d++) {
            int64_t then = t + a->length[d] + a->rest[p];
            double *after = forward + (then < T ? then : T) * n;
            for (int64_t s = 0; worth[d * T + t] > 0 && s < n; s++) {
                int32_t to = next[s * a->lengths + d];
                if (to < 0)
                    continue;
                double v = here[s] + worth[d * T + t] - dearer(excess, load[s], a->length[d]);
                after[to] = v > after[to] ? v : after[to];
            }
        }
    }
}

/* What the rest of the campaign is worth around a tour of each slot: around (slots), FAR where none may stand. */
static void surround(const Part *a, int64_t p, const double *value, const double *forward, double *around)
{
    int64_t T = a->weeks, first = a->state_start[a->kind[p]], n = a->state_start[a->kind[p] + 1] - first;
    const double *excess = a->excess + p * a->loads;
    const int32_t *load = a->state_load + first, *next = a->state_next + first * a->lengths;
    for (int64_t slot = 0; slot < SLOTS(a); slot++) {
        int64_t d = slot / T, t = slot % T, then = t + a->length[d] + a->rest[p];
        then = then < T ? then : T;
        around[slot] = FAR;
        for (int64_t s = 0; a->open[p * SLOTS(a) + slot] && s < n; s++) {
            int32_t to = next[s * a->lengths + d];
            if (to < 0)
                continue;
            double v = forward[t * n + s] - dearer(excess, load[s], a->length[d]) + value[then * n + to];
            around[slot] = v > around[slot] ? v : around[slot];
        }
    }
}

/*
 * Every tour that a plan within `slack` of the bound at these prices may hold.
 *
 * wanted : (J, slots) more than 0 where a week of the tour is wanted at all
 * found  : (room, 3) out: person, cell, slot; rise: (room) out, by how much the bound rises if the tour must be taken
 * returns how many there are, which may be more than the room
 */
API int64_t reduced(const Part *a, const double *earn, const double *absent, const uint8_t *who, const double *wanted,
                    double slack, int64_t room, int32_t *found, double *rise, Space *m)
{
    int64_t slots = SLOTS(a), count = 0;
    double around[slots + 1]; /* no lengths, no slots: an array of nothing is undefined */
    prepare(a, earn, absent, who, m);
    for (int64_t p = 0; p < a->people; p++) {
        if (!who[p] || a->own_start[p] == a->own_start[p + 1])
            continue;
        offers(a, p, m);
        double best = programme(a, p, m->worth, m->value);
        onward(a, p, m->worth, m->forward);
        surround(a, p, m->value, m->forward, around);
        const double *gone = m->gone + a->cap[p] * slots, *toll = a->toll ? a->toll + p * slots : 0;
        int plain = a->kept_start[p] == a->kept_start[p + 1] && a->bonus_start[p] == a->bonus_start[p + 1];
        for (int32_t i = a->own_start[p]; i <= a->own_start[p + 1]; i++) { /* the last: what is on no lane */
            int alone = i == a->own_start[p + 1];
            const int32_t *ends = alone ? a->bonus_start + p : a->lane_start + a->own_lane[i];
            for (int32_t k = ends[0]; k < ends[1]; k++) {
                int64_t cell = alone ? a->bonus_cell[k] : a->lane_cell[k];
                if (alone && !a->bonus_alone[k])
                    continue;
                for (int64_t s = 0; s < slots; s++) {
                    if (around[s] <= FAR / 2)
                        continue;
                    double cost = plain ? a->lane_fare[k] + (toll ? toll[s] : 0)
                                        : tour_cost(a, p, (int32_t)cell, (int32_t)s);
                    double up = best - (m->sums[cell * slots + s] - gone[s] - cost + around[s]);
                    if (up > slack || (wanted[cell * slots + s] <= 0 && cost >= 0))
                        continue;
                    if (count < room) {
                        found[count * 3] = (int32_t)p;
                        found[count * 3 + 1] = (int32_t)cell;
                        found[count * 3 + 2] = (int32_t)s;
                        rise[count] = up;
                    }
                    count++;
                }
            }
        }
    }
    return count;
}
