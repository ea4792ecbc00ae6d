/*
 * A plan under change: what one more person would save everywhere, and people who go home and choose again,
 * each exactly, all others as they are.
 */
#include "draft.h"

#define GUIDED 256 /* of 1024 turns, those in which nobody but the last counts a saving for more than its price */
#define LOOK 128   /* turns between two looks at what is wasted */

/* What a person saves where so many more come first. */
static double gain(const Part *a, const Draft *x, int64_t spot, int64_t first)
{
    int64_t y = x->cover[spot] + first;
    if (y >= a->levels - 1)
        return 0;
    const double *price = a->price + spot * a->levels;
    double saved = price[y] - price[y + 1];
    return x->guide && x->guide[spot] < saved ? x->guide[spot] : saved;
}

/* Note from where to where slots of one length save something, after those in [from, until) have changed. */
static void note(const Part *a, Draft *x, int64_t row, int64_t d, int64_t from, int64_t until)
{
    int32_t *span = x->span + (row * a->lengths + d) * 2;
    const double *sum = x->sums + row * SLOTS(a) + d * a->weeks;
    from = from < span[0] ? from : span[0];
    until = until > span[1] ? until : span[1];
    while (from < until && sum[from] <= 0)
        from++;
    while (until > from && sum[until - 1] <= 0)
        until--;
    span[0] = (int32_t)from;
    span[1] = (int32_t)until;
}

static void refresh(const Part *a, Draft *x, int64_t cell)
{
    double row[a->weeks];
    for (int64_t t = 0; t < a->weeks; t++)
        row[t] = gain(a, x, cell * a->weeks + t, 0);
    windows(a, row, x->sums + cell * SLOTS(a));
    for (int64_t d = 0; d < a->lengths; d++)
        note(a, x, cell, d, 0, a->weeks);
}

/* The same, where only these weeks have changed: prices hold whole grains, so other sums are what they were. */
static void refresh_weeks(const Part *a, Draft *x, int64_t cell, int64_t from, int64_t until)
{
    int64_t T = a->weeks, before = from, after = until;
    double row[T];
    for (int64_t d = 0; d < a->lengths; d++) {
        before = from - a->length[d] + 1 < before ? from - a->length[d] + 1 : before;
        after = until + a->length[d] - 1 > after ? until + a->length[d] - 1 : after;
    }
    for (int64_t t = before < 0 ? 0 : before; t < after && t < T; t++)
        row[t] = gain(a, x, cell * T + t, 0);
    for (int64_t d = 0; d < a->lengths; d++) {
        int64_t length = a->length[d], first = from - length + 1, last = T - length + 1 < until ? T - length + 1 : until;
        double *sum = x->sums + cell * SLOTS(a) + d * T, total = 0;
        first = first < 0 ? 0 : first;
        for (int64_t t = first; first < last && t < first + length; t++)
            total += row[t];
        for (int64_t t = first; t < last; t++) {
            sum[t] = total;
            if (t + 1 < last)
                total += row[t + length] - row[t];
        }
        if (first < last)
            note(a, x, cell, d, first, last);
    }
}

/* What people who go together save: of two in one cell the second saves less. */
void refresh_crew(const Part *a, Draft *x, int64_t row)
{
    const int32_t *ends = a->crew_start + row - a->cells;
    double sum[a->weeks];
    for (int64_t t = 0; t < a->weeks; t++)
        sum[t] = 0;
    for (int32_t i = ends[0]; i < ends[1]; i++) {
        int64_t first = 0;
        for (int32_t k = ends[0]; k < i; k++)
            first += a->crew_cell[k] == a->crew_cell[i];
        for (int64_t t = 0; t < a->weeks; t++)
            sum[t] += gain(a, x, a->crew_cell[i] * a->weeks + t, first);
    }
    windows(a, sum, x->sums + row * SLOTS(a));
    for (int64_t d = 0; d < a->lengths; d++)
        note(a, x, row, d, 0, a->weeks);
}

API void refresh_all(const Part *a, Draft *x)
{
    for (int64_t j = 0; j < a->cells; j++)
        refresh(a, x, j);
}

static double excess(const Part *a, int64_t p, int64_t weeks)
{
    const double *row = a->excess + p * a->loads;
    int64_t last = a->loads - 1;
    return weeks <= last ? row[weeks] : row[last] + (double)(weeks - last) * (row[last] - row[last - 1]);
}

/* Fare less bonuses of one tour, and what the person would rather not. */
API double tour_cost(const Part *a, int64_t p, int32_t cell, int32_t slot)
{
    double toll = a->toll ? a->toll[p * SLOTS(a) + slot] : 0;
    for (int32_t i = a->kept_start[p]; i < a->kept_start[p + 1]; i++)
        if (a->kept_cell[i] == cell && a->kept_slot[i] == slot)
            return toll - a->kept_gain[i];
    for (int32_t i = a->bonus_start[p]; i < a->bonus_start[p + 1]; i++)
        if (a->bonus_cell[i] == cell)
            return toll - a->bonus_gain[i] + (a->bonus_wish ? a->bonus_wish[i * SLOTS(a) + slot] : 0);
    return toll + a->fare[(int64_t)a->pair[p] * a->rows + cell];
}

/* Let one more, or one less, be in a cell. */
static void fill(const Part *a, Draft *x, int64_t p, int32_t seat, int32_t cell, int32_t slot, int sign)
{
    int64_t T = a->weeks, weeks = a->length[slot / T], t = slot % T, last = a->levels - 1;
    for (int64_t w = t; w < t + weeks; w++) {
        int64_t spot = cell * T + w, y = x->cover[spot];
        const double *price = a->price + spot * a->levels;
        x->cost -= price[y < last ? y : last];
        y += sign;
        x->cover[spot] = (int32_t)y;
        x->cost += price[y < last ? y : last];
    }
    if (a->hand_of[cell] >= 0)
        hand_over(a, x, p, seat, cell, slot, sign);
    refresh_weeks(a, x, cell, t, t + weeks);
}

static void change(const Part *a, Draft *x, int64_t p, int32_t cell, int32_t slot, int sign)
{
    int64_t T = a->weeks, weeks = a->length[slot / T], t = slot % T, alone = a->cap[p] < a->caps;
    const int32_t *home = alone ? a->cap + p : a->home_cap + a->home_start[a->cap[p] - a->caps];
    int64_t homes = alone ? 1 : a->home_start[a->cap[p] - a->caps + 1] - a->home_start[a->cap[p] - a->caps];
    for (int64_t i = 0; i < homes; i++)
        for (int64_t w = t; w < t + weeks; w++)
            x->left[home[i] * T + w] -= sign;
    x->cost -= excess(a, p, x->served[p]);
    x->served[p] += sign * (int32_t)weeks;
    x->cost += excess(a, p, x->served[p]) + sign * tour_cost(a, p, cell, slot);
    if (cell < a->cells)
        fill(a, x, p, 0, cell, slot, sign);
    else
        for (int32_t i = a->crew_start[cell - a->cells]; i < a->crew_start[cell - a->cells + 1]; i++)
            fill(a, x, p, a->crew_seat[i], a->crew_cell[i], slot, sign);
}

/* Whether nobody more of the person's home, or of all homes of people who go together, may leave in a week. */
int is_full(const Part *a, const Draft *x, int64_t p, int64_t week)
{
    if (a->cap[p] < a->caps)
        return x->left[a->cap[p] * a->weeks + week] <= 0;
    const int32_t *ends = a->home_start + a->cap[p] - a->caps;
    for (int32_t i = ends[0]; i < ends[1]; i++) {
        int32_t first = 0;
        for (int32_t k = ends[0]; k < i; k++)
            first += a->home_cap[k] == a->home_cap[i];
        if (x->left[a->home_cap[i] * a->weeks + week] - first <= 0)
            return 1;
    }
    return 0;
}

/* Whether [from, until) and [first, last) share a week. */
static int meet(int64_t from, int64_t until, int64_t first, int64_t last)
{
    return from < last && first < until;
}

/* Close what is there in [from, until) at a station, in x->sums; or count the station's cells again. */
static void close_station(const Part *a, Draft *x, int32_t station, int64_t from, int64_t until, int open)
{
    int64_t T = a->weeks;
    for (int32_t i = a->station_start[station]; i < a->station_start[station + 1]; i++) {
        int64_t row = a->station_row[i];
        if (open && row < a->cells)
            refresh(a, x, row);
        for (int64_t d = 0; !open && d < a->lengths; d++)
            for (int64_t t = 0; t < T; t++)
                if (meet(t, t + a->length[d], from, until))
                    x->sums[row * SLOTS(a) + d * T + t] = FAR;
    }
}

/* Close, or open again, what a person may not have because of others to be kept apart from. */
static void keep_apart(const Part *a, Draft *x, int64_t p, int open)
{
    for (int32_t i = a->rival_start[p]; i < a->rival_start[p + 1]; i++) {
        int64_t rival = a->rival_person[i];
        for (int32_t k = 0; k < x->count[rival]; k++) {
            const int32_t *tour = x->tours + (rival * a->tours + k) * 2;
            int64_t t = tour[1] % a->weeks;
            close_station(a, x, a->station[tour[0]], t, t + a->length[tour[1] / a->weeks], open);
        }
    }
    for (int32_t i = a->ban_start[p]; i < a->ban_start[p + 1]; i++)
        close_station(a, x, a->ban_station[i], a->ban_from[i], a->ban_until[i], open);
}

/* Whether others leave room for a tour: under the caps, and where people are to be kept apart. */
API int32_t has_room(const Part *a, const Draft *x, int64_t p, int32_t row, int32_t slot)
{
    int64_t t = slot % a->weeks, end = t + a->length[slot / a->weeks];
    for (int64_t w = t; w < end; w++)
        if (is_full(a, x, p, w))
            return 0;
    for (int32_t i = a->ban_start[p]; i < a->ban_start[p + 1]; i++)
        if (a->ban_station[i] == a->station[row] && meet(t, end, a->ban_from[i], a->ban_until[i]))
            return 0;
    for (int32_t i = a->rival_start[p]; i < a->rival_start[p + 1]; i++)
        for (int32_t k = 0; k < x->count[a->rival_person[i]]; k++) {
            const int32_t *tour = x->tours + (a->rival_person[i] * a->tours + k) * 2;
            int64_t first = tour[1] % a->weeks;
            if (a->station[tour[0]] == a->station[row] && meet(t, end, first, first + a->length[tour[1] / a->weeks]))
                return 0;
        }
    return 1;
}

API void add(const Part *a, Draft *x, int64_t p, int32_t cell, int32_t slot)
{
    int32_t *own = x->tours + (p * a->tours + x->count[p]) * 2;
    own[0] = cell;
    own[1] = slot;
    x->count[p]++;
    change(a, x, p, cell, slot, 1);
}

API void clear(const Part *a, Draft *x, int64_t p)
{
    while (x->count[p] > 0) {
        x->count[p]--;
        const int32_t *own = x->tours + (p * a->tours + x->count[p]) * 2;
        change(a, x, p, own[0], own[1], -1);
    }
}

/* Count again what people who go together would save, wherever they may go. */
static void refresh_crews(const Part *a, Draft *x, int64_t p)
{
    if (a->cap[p] < a->caps)
        return;
    for (int32_t i = a->own_start[p]; i < a->own_start[p + 1]; i++)
        for (int32_t k = a->lane_start[a->own_lane[i]]; k < a->lane_start[a->own_lane[i] + 1]; k++)
            refresh_crew(a, x, a->lane_cell[k]);
    for (int32_t i = a->bonus_start[p]; i < a->bonus_start[p + 1]; i++)
        refresh_crew(a, x, a->bonus_cell[i]);
}

/* Give a person without tours the best set of tours, all others as they are. */
API void choose(const Part *a, Draft *x, int64_t p)
{
    int64_t slots = SLOTS(a), T = a->weeks;
    double *worth = x->room->worth, *value = x->room->value;
    int64_t *at = x->room->at;
    int32_t chosen[a->tours + 1], full[T + 1];
    if (a->own_start[p] == a->own_start[p + 1])
        return;
    for (int64_t s = 0; s < slots; s++) {
        worth[s] = FAR;
        at[s] = 0;
    }
    refresh_crews(a, x, p);
    keep_apart(a, x, p, 0);
    for (int32_t i = a->own_start[p]; i < a->own_start[p + 1]; i++)
        lane_best(a, a->own_lane[i], x->sums, x->cap, a->toll ? 0 : x->span, worth, at);
    personal(a, p, x->sums, x->gone ? x->gone + a->cap[p] * slots : 0, worth, at);
    keep_apart(a, x, p, 1);
    full[0] = 0;
    for (int64_t t = 0; t < T; t++)
        full[t + 1] = full[t] + (a->cap[p] < a->caps ? x->left[a->cap[p] * T + t] <= 0 : is_full(a, x, p, t));
    for (int64_t d = 0; full[T] && d < a->lengths; d++)
        for (int64_t t = 0; t + a->length[d] <= T; t++)
            if (full[t + a->length[d]] > full[t])
                worth[d * T + t] = FAR;
    if (programme(a, p, worth, value) <= 0)
        return;
    int64_t n = trace(a, p, worth, value, chosen);
    for (int64_t i = 0; i < n; i++)
        add(a, x, p, (int32_t)at[chosen[i]], chosen[i]);
}

/* Everybody in this order goes home and chooses again; stop: checked before each. */
API void rounds(const Part *a, Draft *x, const int32_t *order, int64_t n, const volatile int32_t *stop)
{
    for (int64_t i = 0; i < n && !*stop; i++) {
        clear(a, x, order[i]);
        choose(a, x, order[i]);
    }
}

static uint64_t draw(uint64_t *state) /* splitmix64: Steele, Lea, Flood, OOPSLA 2014 */
{
    uint64_t z = (*state += 0x9E3779B97F4A7C15ull);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
}

static int64_t below(uint64_t *state, int64_t n)
{
    return (int64_t)(draw(state) % (uint64_t)n);
}

static int64_t join(int32_t *who, int64_t n, int32_t p)
{
    for (int64_t i = 0; i < n; i++)
        if (who[i] == p)
            return n;
    who[n] = p;
    return n + 1;
}

/* Join one of a row of a list, if there is one. */
static int64_t join_one(uint64_t *rng, const int32_t *start, const int32_t *list, int64_t row, int32_t *who, int64_t n)
{
    int64_t size = start[row + 1] - start[row];
    return size ? join(who, n, list[start[row] + below(rng, size)]) : n;
}

/* A cell's week that one more person would relieve, or any. */
static int64_t short_cell(const Part *a, const Draft *x, uint64_t *rng)
{
    for (int tries = 0; tries < 40; tries++) {
        int64_t spot = below(rng, a->cells * a->weeks), y = x->cover[spot];
        const double *price = a->price + spot * a->levels;
        if (y < a->levels - 1 && price[y] > price[y + 1])
            return spot;
    }
    return below(rng, a->cells * a->weeks);
}

/* Note every person who earns less than he could at the prices, and every cell's week that loses by them. */
API void find_wastes(const Part *a, const Draft *x, Hints *h)
{
    int64_t slots = SLOTS(a), last = a->levels - 1;
    h->wastes = 0;
    for (int64_t p = 0; p < a->people; p++) {
        double own = -excess(a, p, x->served[p]);
        for (int32_t k = 0; k < x->count[p]; k++) {
            const int32_t *tour = x->tours + (p * a->tours + k) * 2;
            own += h->sums[tour[0] * slots + tour[1]] - h->gone[a->cap[p] * slots + tour[1]];
            own -= tour_cost(a, p, tour[0], tour[1]);
        }
        if (h->worth[p] - own > h->least)
            h->wasted[h->wastes++] = (int32_t)p;
    }
    for (int64_t i = 0; i < a->cells * a->weeks; i++) {
        const double *price = a->price + i * a->levels;
        double best = price[0], here = price[x->cover[i] < last ? x->cover[i] : last] + h->earn[i] * x->cover[i];
        for (int64_t y = 1; y < a->levels; y++)
            best = price[y] + h->earn[i] * (double)y < best ? price[y] + h->earn[i] * (double)y : best;
        if (here - best > h->least)
            h->wasted[h->wastes++] = (int32_t)(a->people + i);
    }
}

/* Join somebody who may serve in that cell's week. */
static int64_t join_at(const Part *a, const Hints *h, uint64_t *rng, int64_t spot, int32_t *who, int64_t n)
{
    if (h && h->near_start[spot + 1] > h->near_start[spot])
        return join_one(rng, h->near_start, h->near_person, spot, who, n);
    return join_one(rng, a->able_start, a->able_person, spot / a->weeks, who, n);
}

/* A cell that a tour of this row fills: one of a crew's, any if the crew fills none. */
static int64_t one_cell(const Part *a, uint64_t *rng, int32_t row)
{
    if (row < a->cells)
        return row;
    const int32_t *ends = a->crew_start + row - a->cells;
    return ends[0] < ends[1] ? a->crew_cell[ends[0] + below(rng, ends[1] - ends[0])] : below(rng, a->cells);
}

/* Pick people who stand in each other's way: a chain over cells and caps, from a waste or a shortage mostly. */
static int64_t pick(const Part *a, const Draft *x, const Hints *h, uint64_t *rng, int64_t size, int32_t *who)
{
    int64_t T = a->weeks, n = 0, how = below(rng, 10), spot;
    if (h && h->wastes && how < 6) {
        int32_t waste = h->wasted[below(rng, h->wastes)];
        if (waste < a->people) {
            n = join(who, n, waste);
            spot = below(rng, a->cells * T);
            if (x->count[waste]) {
                const int32_t *tour = x->tours + (waste * a->tours + below(rng, x->count[waste])) * 2;
                spot = one_cell(a, rng, tour[0]) * T + tour[1] % T + below(rng, a->length[tour[1] / T]);
            }
        } else
            spot = waste - a->people;
    } else
        spot = how < 8 ? short_cell(a, x, rng) : below(rng, a->cells * T);
    n = join_at(a, h, rng, spot, who, n);
    for (int64_t tries = 0; n && n < size && tries < 4 * size; tries++) {
        int64_t from = who[below(rng, n)];
        how = below(rng, 10);
        if (how < 7 && x->count[from]) {
            const int32_t *tour = x->tours + (from * a->tours + below(rng, x->count[from])) * 2;
            int64_t week = tour[1] % T + below(rng, a->length[tour[1] / T]);
            n = join_at(a, h, rng, one_cell(a, rng, tour[0]) * T + week, who, n);
        } else if (how < 8) {
            int64_t crowd = a->cap[from] - a->caps;
            int64_t home = crowd < 0 ? a->cap[from] : a->home_cap[a->home_start[crowd]];
            n = join_one(rng, a->mate_start, a->mate_person, home, who, n);
        } else
            n = join_at(a, h, rng, spot, who, n);
    }
    return n;
}

static void keep(const Part *a, const Draft *x, Best *best)
{
    best->cost = x->cost;
    for (int64_t i = 0; i < a->people * a->tours * 2; i++)
        best->tours[i] = x->tours[i];
    for (int64_t i = 0; i < a->people; i++)
        best->count[i] = x->count[i];
}

/*
 * Send a few home and let them choose again in a new order, many times; a plan that costs at most the heat more
 * than the one in hand is taken, and the best one met is kept. The heat falls from `warm` to `cool`.
 * hints: what prices say of the plan, or null. Returns how many turns were taken, fewer than asked only if told to stop.
 */
API int64_t shake(const Part *a, Draft *x, Hints *h, uint64_t *rng, int64_t times, int64_t least, int64_t most, double warm,
                  double cool, Best *best, const volatile int32_t *stop)
{
    int64_t M = a->tours, turn;
    int32_t who[most], old_count[most], old[most * M * 2 + 1];
    if (x->cost < best->cost)
        keep(a, x, best);
    for (turn = 0; turn < times && !*stop; turn++) {
        if (h && h->least >= 0 && turn % LOOK == 0)
            find_wastes(a, x, h);
        double heat = warm + (cool - warm) * (double)turn / (double)times, before = x->cost;
        int64_t n = pick(a, x, h, rng, least + below(rng, most - least + 1), who);
        for (int64_t i = n - 1; i > 0; i--) {
            int64_t k = below(rng, i + 1);
            int32_t swap = who[i];
            who[i] = who[k];
            who[k] = swap;
        }
        for (int64_t i = 0; i < n; i++) {
            old_count[i] = x->count[who[i]];
            for (int64_t k = 0; k < old_count[i] * 2; k++)
                old[i * M * 2 + k] = x->tours[who[i] * M * 2 + k];
            clear(a, x, who[i]);
        }
        int guided = h && h->least >= 0 && below(rng, 1024) < GUIDED;
        for (int64_t i = 0; i < n; i++) {
            x->cap = guided && i < n - 1 ? h->sums : 0; /* so none is left behind */
            choose(a, x, who[i]);
        }
        if (x->cost > before + heat * (double)below(rng, 1024) / 1024.0) {
            for (int64_t i = 0; i < n; i++)
                clear(a, x, who[i]);
            for (int64_t i = 0; i < n; i++)
                for (int32_t k = 0; k < old_count[i]; k++)
                    add(a, x, who[i], old[(i * M + k) * 2], old[(i * M + k) * 2 + 1]);
        } else if (x->cost < best->cost)
            keep(a, x, best);
    }
    return turn;
}
