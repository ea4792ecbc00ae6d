/* A plan of one part under change. */
#ifndef TRAMYTE_DRAFT_H
#define TRAMYTE_DRAFT_H

#include "part.h"

typedef struct {
    int32_t *cover;      /* (J, T) people there */
    int32_t *left;       /* (C, T) people who may still leave */
    int32_t *count;      /* (P) tours of each person */
    int32_t *tours;      /* (P, most tours, 2) cell, slot */
    int32_t *served;     /* (P) weeks */
    double *sums;        /* (rows, slots) what one more person saves; of crews only where just counted */
    int32_t *span;       /* (rows, D, 2) first and last + 1 of the slots of a length that save something */
    const double *guide; /* (J, T) prices that stand for what others want, or null */
    double *gone;        /* (homes, slots) price of weeks away, or null */
    const double *cap;   /* (rows, slots) what savings count for at most, but where one has a bonus; or null */
    int32_t *through;    /* people there throughout, by span of each handover */
    int32_t *missed;     /* (hands) spans missed */
    Space *room;
    double cost;
} Draft;

typedef struct { /* what prices say of a plan: where it wastes, and who could help; all or nothing */
    const double *earn;        /* (J, T) */
    const double *sums, *gone; /* (rows, slots), (homes, slots) windows of the prices */
    const double *worth;       /* (P) what each person earns at best */
    const int32_t *near_start; /* (J * T + 1) people who may cover the week at almost no loss */
    const int32_t *near_person;
    int32_t *wasted;           /* (P + J * T) room: people first, then people + spot */
    double least;              /* smaller wastes are no matter */
    int64_t wastes;
} Hints;

typedef struct {
    double cost;
    int32_t *count, *tours; /* as in Draft */
} Best;

void refresh_all(const Part *, Draft *);
void add(const Part *, Draft *, int64_t p, int32_t cell, int32_t slot);
void clear(const Part *, Draft *, int64_t p);
void choose(const Part *, Draft *, int64_t p);
int is_full(const Part *, const Draft *, int64_t p, int64_t week);
int32_t has_room(const Part *, const Draft *, int64_t p, int32_t row, int32_t slot);
void refresh_crew(const Part *, Draft *, int64_t row);
void hand_over(const Part *, Draft *, int64_t p, int32_t seat, int32_t cell, int32_t slot, int sign);

#endif
