/*
 * One independent part of a rotation problem, as arrays: shared by every kernel.
 *
 * Letters: P people, J cells (station and role), T weeks, D lengths, U pairs of unit and travel limit, C caps.
 * A slot is d * weeks + t: a tour of length d from week t. Costs and prices are doubles that hold whole grains
 * (compiled.py says which), so sums are exact in any order. Nothing here allocates: the caller brings work space.
 */
#ifndef TRAMYTE_PART_H
#define TRAMYTE_PART_H

#include <stdint.h>

#define FAR (-1e300) /* worse than any set of tours can be */

typedef struct {
    int64_t people, cells, weeks, lengths, caps, levels, lanes, loads, tours, states, rows, homes, hands;
    const int32_t *length;        /* (D) weeks of a tour */
    const int32_t *cap;           /* (P) */
    const int32_t *rest;          /* (P) weeks at home between two tours */
    const int32_t *pair;          /* (P) */
    const int32_t *kind;          /* (P) which table of states */
    const uint8_t *open;          /* (P, slots) whether a free tour may start then */
    const double *price;          /* (J, T, levels) shortage cost with 0, 1, .. people */
    const double *fare;           /* (U, rows) travel and start fee */
    const double *excess;         /* (P, loads) cost of fairness of so many more weeks */
    const int32_t *lane_start;    /* (lanes + 1) a lane: the cells one pair reaches in one role */
    const int32_t *lane_cell;
    const double *lane_fare;
    const uint8_t *lane_lengths;  /* (lanes, D) whether the unit admits the length */
    const int32_t *own_start;     /* (P + 1) lanes of each person */
    const int32_t *own_lane;
    const int32_t *bonus_start;   /* (P + 1) returns to known stations */
    const int32_t *bonus_cell;
    const double *bonus_gain;     /* bonus less fare */
    const int32_t *kept_start;    /* (P + 1) tours of the plan in force */
    const int32_t *kept_cell;
    const int32_t *kept_slot;
    const double *kept_gain;      /* credit and bonus less fare */
    const int32_t *state_start;   /* (kinds + 1) states: tours used and weeks served, as far as they matter */
    const int32_t *state_load;    /* (states) weeks served */
    const int32_t *state_next;    /* (states, D) state after such a tour, -1: not allowed */
    const int32_t *able_start;    /* (J + 1) people who may be sent to the cell */
    const int32_t *able_person;
    const int32_t *mate_start;    /* (C + 1) people under each cap who may be sent */
    const int32_t *mate_person;
    /* what only rotation/2 knows: toll and bonus_wish may be null, the rest may be empty */
    const double *toll;           /* (P, slots) what a tour then costs the person, wherever */
    const double *bonus_wish;     /* (bonuses, slots) what a tour then and there costs */
    const uint8_t *bonus_alone;   /* (bonuses) whether the cell is on none of the person's lanes */
    const int32_t *crew_start;    /* (rows - J + 1) cells that people who go together fill */
    const int32_t *crew_cell;
    const int32_t *crew_seat;     /* which of the people */
    const int32_t *home_start;    /* (homes - C + 1) caps of people who go together */
    const int32_t *home_cap;
    const int32_t *station;       /* (rows) station */
    const int32_t *station_start; /* (stations + 1) rows there */
    const int32_t *station_row;
    const int32_t *rival_start;   /* (P + 1) others to be kept apart from */
    const int32_t *rival_person;
    const int32_t *ban_start;     /* (P + 1) where such others are locked, [from, until) */
    const int32_t *ban_station, *ban_from, *ban_until;
    const int32_t *hand_of;       /* (J) the cell's place among those with a handover, or -1 */
    const int32_t *hand_start;    /* (hands + 1) needs of each */
    const int32_t *hand_first, *hand_last, *hand_span; /* first weeks [first, last) of spans of so many weeks */
    const int32_t *hand_at;       /* where the need's spans begin in Draft.through */
    const double *hand_price;     /* of a span missed */
    const int32_t *hand_there;    /* (hands, T) locked people there */
    const int32_t *member_start;  /* (P + 1) people: more than one where they go together */
    const int32_t *stay_start;    /* (members + 1) locked tours in cells with a handover, [from, until) */
    const int32_t *stay_cell, *stay_from, *stay_until;
} Part;

/* Rows are cells, then crews: what people who go together fill. Homes are caps, then those of such people. */

#define SLOTS(a) ((a)->lengths * (a)->weeks)

typedef struct { /* room for choose_all and what stands on it, see compiled.py */
    double *sums, *gone, *lanes, *worth, *value, *forward;
    int64_t *lanes_at, *at;
    uint8_t *asked;
} Space;

#if defined(__x86_64__) && defined(__GNUC__) && defined(__GLIBC__)
#define FAST __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define FAST
#endif

#if defined(_WIN32)
#define API __declspec(dllexport)
#else
#define API __attribute__((visibility("default")))
#endif

void windows(const Part *, const double *gain, double *sum);
void spread(const Part *, const double *earn, double *sums);
void spread_homes(const Part *, const double *absent, double *gone);
void lane_best(const Part *, int64_t lane, const double *sums, const double *cap, const int32_t *span, double *best,
               int64_t *at);
void personal(const Part *, int64_t p, const double *sums, const double *gone, double *worth, int64_t *at);
double programme(const Part *, int64_t p, const double *worth, double *value);
int64_t trace(const Part *, int64_t p, const double *worth, const double *value, int32_t *slots);
double choose_all(const Part *, const double *earn, const double *absent, const uint8_t *who, int32_t *cover,
                  int32_t *away, int32_t *tours, int64_t *count, Space *);
double buy_all(const Part *, const double *earn, const int32_t *base, int32_t *buy);
double tour_cost(const Part *, int64_t p, int32_t cell, int32_t slot);

#endif
