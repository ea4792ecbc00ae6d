/*
 * The ascent of prices to the best bound, and the dive: people bound one after the other while prices settle anew.
 *
 * For any prices earn >= 0 on a cell's week and absent >= 0 on a cap's week
 *     L = sum over cells' weeks of min over y of (price(y) + earn y) - sum of absent * left - what people earn at best
 * is at most the cost of every plan. L is concave; what is bought less who comes is a direction of ascent.
 */
#include <math.h>

#include "draft.h"

#define MET 6 /* sets of tours remembered of each person */

typedef struct {
    double *earn, *absent;           /* (J, T), (C, T): where the ascent stands */
    double *earn_way, *absent_way;   /* directions, averaged */
    double *best_earn, *best_absent; /* the best prices met, in whole grains */
    double *asked_earn, *asked_absent;
    double best;                     /* their bound */
    double grains;                   /* of a point */
    int32_t *cover, *away, *buy, *tours;
    uint64_t *met;                   /* (P, MET) the dive's memory: names of sets of tours */
    int32_t *met_times, *met_size;   /* (P, MET) how often met, how many tours */
    int32_t *met_tours;              /* (P, MET, most tours, 2) */
    int32_t *share;                  /* (P) */
    Space *room;
} Prices;

static void whole(const double *price, double *asked, int64_t n, double grains)
{
    for (int64_t i = 0; i < n; i++)
        asked[i] = floor(price[i] * grains + 0.5) / grains;
}

/* The bound at the prices asked; notes what is bought, who comes, who is away, and everybody's tours. */
static double bound(const Part *a, Prices *y, const uint8_t *who, const int32_t *base, const int32_t *left,
                    int64_t *count)
{
    double earned = choose_all(a, y->asked_earn, y->asked_absent, who, y->cover, y->away, y->tours, count, y->room);
    double total = buy_all(a, y->asked_earn, base, y->buy) - earned;
    for (int64_t i = 0; i < a->caps * a->weeks; i++)
        total -= y->asked_absent[i] * left[i];
    return total;
}

/* The bound at given prices, as a fresh start. */
API double bound_at(const Part *a, Prices *y, const uint8_t *who, const int32_t *base, const int32_t *left)
{
    int64_t count;
    whole(y->earn, y->asked_earn, a->cells * a->weeks, y->grains);
    whole(y->absent, y->asked_absent, a->caps * a->weeks, y->grains);
    return bound(a, y, who, base, left, &count);
}

/* What the first person more would save: no price need be higher. */
static double ceiling(const Part *a, const int32_t *base, int64_t spot)
{
    const double *price = a->price + spot * a->levels;
    return base[spot] < a->levels - 1 ? price[base[spot]] - price[base[spot] + 1] : 0;
}

static void move(const Part *a, Prices *y, const int32_t *base, const int32_t *left, double memory, double stride)
{
    for (int64_t i = 0; i < a->cells * a->weeks; i++) {
        double top = ceiling(a, base, i), *at = y->earn + i;
        y->earn_way[i] = memory * y->earn_way[i] + (1 - memory) * (y->buy[i] - y->cover[i]);
        *at += stride * y->earn_way[i];
        *at = *at < 0 ? 0 : *at > top ? top : *at;
    }
    for (int64_t i = 0; i < a->caps * a->weeks; i++) {
        double *at = y->absent + i;
        y->absent_way[i] = memory * y->absent_way[i] + (1 - memory) * (y->away[i] - left[i]);
        *at += stride * y->absent_way[i];
        *at = *at < 0 ? 0 : *at;
    }
}

/* Remember the sets of tours of one step; of strangers only the rarest gives way. */
static void remember(const Part *a, Prices *y, int64_t count)
{
    int64_t M = a->tours;
    for (int64_t i = 0, next; i < count; i = next) {
        int64_t p = y->tours[3 * i], slot = 0, rare = 0;
        uint64_t name = 1469598103934665603ull;
        for (next = i; next < count && y->tours[3 * next] == p; next++)
            for (int k = 1; k < 3; k++)
                name = (name ^ (uint64_t)(y->tours[3 * next + k] + 1)) * 1099511628211ull;
        uint64_t *met = y->met + p * MET;
        int32_t *times = y->met_times + p * MET;
        for (slot = 0; slot < MET && times[slot] && met[slot] != name; slot++)
            rare = times[slot] < times[rare] ? slot : rare;
        if (slot == MET) {
            times[rare]--;
            if (times[rare])
                continue;
            slot = rare;
        }
        if (!times[slot]) {
            met[slot] = name;
            y->met_size[p * MET + slot] = (int32_t)(next - i);
            for (int64_t k = i; k < next; k++)
                for (int c = 0; c < 2; c++)
                    y->met_tours[((p * MET + slot) * M + k - i) * 2 + c] = y->tours[3 * k + 1 + c];
        }
        times[slot]++;
    }
}

/*
 * Take steps of falling length: stride at first, stride * fall at the end. The best prices met are kept.
 * Returns the steps taken.
 */
API int64_t ascend(const Part *a, Prices *y, const uint8_t *who, const int32_t *base, const int32_t *left,
                   int64_t steps, double stride, double fall, double memory, int64_t remembered,
                   const volatile int32_t *stop)
{
    int64_t count, k;
    double shrink = steps > 1 ? pow(fall, 1.0 / (double)(steps - 1)) : 1;
    for (k = 0; k < steps && !*stop; k++, stride *= shrink) {
        whole(y->earn, y->asked_earn, a->cells * a->weeks, y->grains);
        whole(y->absent, y->asked_absent, a->caps * a->weeks, y->grains);
        double now = bound(a, y, who, base, left, &count);
        if (now > y->best) {
            y->best = now;
            for (int64_t i = 0; i < a->cells * a->weeks; i++)
                y->best_earn[i] = y->asked_earn[i];
            for (int64_t i = 0; i < a->caps * a->weeks; i++)
                y->best_absent[i] = y->asked_absent[i];
        }
        if (k >= steps - remembered)
            remember(a, y, count);
        move(a, y, base, left, memory, stride);
    }
    return k;
}

/* Whether a remembered set of tours still fits, and each tour still saves something. */
static int fits(const Part *a, Draft *x, int64_t p, const int32_t *tours, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        int32_t cell = tours[2 * i];
        if (!has_room(a, x, p, cell, tours[2 * i + 1]))
            return 0;
        if (cell >= a->cells)
            refresh_crew(a, x, cell);
        if (x->sums[cell * SLOTS(a) + tours[2 * i + 1]] <= 0)
            return 0;
    }
    return 1;
}

/* Bind one person to the set of tours met most often, or to the best one at these prices. */
static void settle(const Part *a, Draft *x, Prices *y, int64_t p)
{
    int64_t top = 0;
    for (int64_t k = 1; k < MET; k++)
        top = y->met_times[p * MET + k] > y->met_times[p * MET + top] ? k : top;
    const int32_t *tours = y->met_tours + (p * MET + top) * a->tours * 2;
    int64_t n = y->met_times[p * MET + top] ? y->met_size[p * MET + top] : 0;
    if (n && fits(a, x, p, tours, n))
        for (int64_t i = 0; i < n; i++)
            add(a, x, p, tours[2 * i], tours[2 * i + 1]);
    else
        choose(a, x, p);
}

/* How sure each person's choice is: how often the commonest set, or staying at home, was met in so many steps. */
static void shares(const Part *a, Prices *y, const uint8_t *who, int64_t steps)
{
    for (int64_t p = 0; p < a->people; p++) {
        int32_t top = 0, all = 0;
        for (int64_t k = 0; k < MET; k++) {
            int32_t times = y->met_times[p * MET + k];
            top = times > top ? times : top;
            all += times;
        }
        int32_t home = (int32_t)steps - all;
        if (home > top) /* choose() decides, and mostly finds nothing */
            for (int64_t k = 0; k < MET; k++)
                y->met_times[p * MET + k] = 0;
        y->share[p] = !who[p] ? -1 : home > top ? home : top;
    }
}

/* Go on from the best prices met, without momentum. */
static void restart(const Part *a, Prices *y)
{
    for (int64_t i = 0; i < a->cells * a->weeks; i++) {
        y->earn[i] = y->best_earn[i];
        y->earn_way[i] = 0;
    }
    for (int64_t i = 0; i < a->caps * a->weeks; i++) {
        y->absent[i] = y->best_absent[i];
        y->absent_way[i] = 0;
    }
}

/*
 * Make a plan: prices settle, the surest people are bound, prices settle for the others, and so on.
 *
 * who  : (P) bytes, in: who is to be bound; out: who is left
 * part : people bound at a time, of 1024
 */
API void dive(const Part *a, Draft *x, Prices *y, uint8_t *who, int64_t steps, int64_t part, double stride,
              double fall, double memory, const volatile int32_t *stop)
{
    int64_t open = 0;
    for (int64_t p = 0; p < a->people; p++)
        open += who[p] = who[p] && a->own_start[p] < a->own_start[p + 1];
    while (open && !*stop) {
        y->best = -INFINITY;
        for (int64_t i = 0; i < a->people * MET; i++)
            y->met_times[i] = 0;
        ascend(a, y, who, x->cover, x->left, steps, stride, fall, memory, steps / 2, stop);
        shares(a, y, who, steps / 2);
        spread_homes(a, y->best_absent, x->gone);
        restart(a, y);
        x->guide = y->best_earn;
        refresh_all(a, x);
        int64_t take = open * part / 1024 + 3;
        for (int64_t n = 0; n < take && open; n++) {
            int64_t sure = -1;
            for (int64_t p = 0; p < a->people; p++)
                if (who[p] && (sure < 0 || y->share[p] > y->share[sure]))
                    sure = p;
            settle(a, x, y, sure);
            who[sure] = 0;
            open--;
        }
    }
}
