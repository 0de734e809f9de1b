/* Workload W with its rules built in: what a campaign of this kind costs when nothing is left to be configured.

   It writes the same rows as the engines, bit for bit (simulator/engine), and is their yardstick. The shape of W is
   fixed here: an earlier campaign by flash call, then a cascade of push, e-mail, Viber, WhatsApp and SMS; consent, the
   hours 09:00-22:00 of working days, two messages in moving 24 hours; the messaging limit, the quality ratings and the
   pausing of the WhatsApp template. Only figures come from outside (struct Figures, filled by figures.py). What W
   does not have is not here: replies, clicks, opt-outs, delivery reports, staff, outages, budgets, fatigue.

   How it is made fast:
   - recipients are renumbered by release, so that memory is walked nearly in order;
   - a message's fate is drawn at hand-over and logged at once; the first report of a read that stops the chain is one
     number a recipient, so neither reads nor the stops they cause are events;
   - an idle server decides within the event that brings the message; only those who wait in a queue need an event;
   - events come from sorted streams: releases, one ring a constant wait, one queue a server, rejects of this instant.
     Ends of holds, which jitter shuffles, are put into slots of a minute, sorted when their slot comes;
   - the merge is the least of sixteen integers, (instant, stream): streams are numbered by class of event
     (simulator/engine/order.py), so the number decides ties between classes.

   Instants are microseconds since the start of the horizon, and the row of a log has 24 bytes. */

#define _GNU_SOURCE
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

typedef unsigned __int128 Wide;

enum { PUSH, EMAIL, VIBER, WHATSAPP, SMS, STEPS, WAITS = SMS };
enum { FLASH_CALL = STEPS, EARLIER, OFFER, SENDER, TEMPLATE }; /* further subjects of a row, after the five steps */
enum { /* events, in the order of EVENTS in rows.py */
    RELEASED, ABSENT, DENIED, HELD, EXPIRED, CANCELLED, SUBMITTED, REJECTED, DELIVERED, FAILED, READ, COMPLAINED,
    ENDED, LIMIT_CHANGED, QUALITY_CHANGED, TEMPLATE_STATE
};
enum { /* reasons, in the order of REASONS in rows.py; the three ratings stand in the order of their numbers */
    NO_REASON, NO_ADDRESS, NO_CONSENT, HORIZON, NOT_ACCEPTED, OVER_LIMIT, IS_PAUSED, IS_DISABLED, UNREACHABLE, WAS_READ,
    EXHAUSTED, GREEN, YELLOW, RED, START, UPGRADE, PAUSED, RESUMED, DISABLED
};
enum { RULE_CONSENT, RULE_HOURS, RULE_CAP };
enum { /* streams, by class of event; among timers the longest wait first, for its timers were set first */
    FEEDBACKS, SERVERS = FEEDBACKS + 1, TIMERS = SERVERS + STEPS, REJECTS = TIMERS + WAITS, HOLDS, LATE_HOLDS, RELEASES,
    STREAMS = 16
};
enum { DELIVERY, COMPLAINT, LIMIT_UPGRADE, TEMPLATE_RESUME }; /* feedback events */

#define HOUR INT64_C(3600000000)
#define DAY (24 * HOUR)
#define OPENS (9 * HOUR)
#define CLOSES (22 * HOUR)
#define FOREVER (INT64_C(1) << 56)
#define NONE INT64_C(-1)
#define NEVER_READ ((INT64_C(1) << 40) - 1)
#define SLOT_BITS 26 /* a slot of holds lasts 2**26 microseconds, 67 seconds */
#define MOST_ROWS 32 /* no event writes more */

/* Draws (simulator/draws.py): a purpose is a multiple of the golden constant, by its place in PURPOSES. */
#define GOLDEN UINT64_C(0x9E3779B97F4A7C15)
#define PURPOSE(place) (GOLDEN * ((place) + 1))
enum { P_RELEASE = 0, P_JITTER = 6, P_ACCEPTED, P_DELIVERED, P_DELIVERY, P_READ = 14, P_READING, P_COMPLAINED = 24,
       P_COMPLAINING, P_FAILURE = 29 };

static inline uint64_t mix(uint64_t value) {
    value = (value ^ value >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    value = (value ^ value >> 27) * UINT64_C(0x94D049BB133111EB);
    return value ^ value >> 31;
}
static inline uint64_t combine(uint64_t key, uint64_t part) { return mix((key ^ part) + GOLDEN); }
static inline uint64_t draw(uint64_t key, uint64_t place) { return mix(key + PURPOSE(place)); }

/* Return the latency of a draw from a table of 2049 quantiles (simulator/tables.py). */
static inline int64_t look_up(const int64_t *table, uint64_t drawn) {
    const int64_t *low = table + (drawn >> 53);
    return low[0] + (int64_t)((Wide)(uint64_t)(low[1] - low[0]) * (uint32_t)(drawn >> 21) >> 32);
}

/* What is handed over; the same layout in figures.py. Bounds of draws are the greatest draw that counts. */
typedef struct { uint64_t key; uint8_t present, agreed, zone, unused[5]; } Person; /* masks have a bit a step */
typedef struct {
    uint64_t key, channel, accepted, delivered, read, complained;
    int64_t wait, reports_read, interval, interval_rest, divisor; /* a message takes interval + rest / divisor */
    const int64_t *delivery, *reading, *complaining;
} Step;
typedef struct {
    int64_t people, earlier_members, zones, days, levels, pauses;
    const Person *person;
    const int32_t *earlier_member;
    const int64_t *zone_offset, *level_of_limit, *pause;
    const uint8_t *day_open; /* by local day from first_day: whether the hours of a working day hold */
    uint64_t run_key, earlier_key, offer_key;
    int64_t start, end, first_day, earlier_at, earlier_spread_ms, offer_at, offer_spread_ms, jitter;
    int64_t level, upgrade_after, upgrade_numerator, upgrade_denominator, yellow_ppm, red_ppm, minimum;
    Step step[STEPS];
} Figures;

typedef struct { int64_t at, other; int32_t who; uint8_t event, subject, reason, detail; } Row;
typedef struct { /* 32 bytes, never in two lines of the cache */
    uint64_t key;
    uint64_t stop_at : 40, present : STEPS, agreed : STEPS, zone : 5, step : 3, sent : 3, : 3;
    uint64_t cap_of_last : 40, who_low : 24, cap_of_second : 40, who_high : 8, : 16; /* counted until then; 0: none */
} Chain;
typedef struct { uint64_t key, cap_of_flash_call; } Member;
typedef struct { int64_t at; int32_t who, unused; } Entry;
typedef struct { Entry *entry; size_t head, tail, mask; } Ring;
typedef struct { int64_t at; uint32_t order; int32_t what; } Later;
typedef struct { Later *later; size_t count, capacity; uint32_t pushed; } Heap;
typedef struct { uint64_t *item; uint32_t count, capacity; } Slot;
typedef struct { int64_t opens, closes; } Window;
typedef struct { Ring queue; int64_t free_at, rest; uint64_t order; } Server;
typedef struct { int64_t rating, day, delivered[7], negative[7]; } Quality;

typedef struct {
    int64_t next[STREAMS] __attribute__((aligned(64))); /* instant of each stream's head * 16 + stream */
    const Figures *figures;
    Row *row, *last_row; /* where the next row goes; up to where an event may begin to write */
    Row *rows;
    int64_t counts[256];
    int failed;

    uint64_t *released, *earlier_released; /* sorted: milliseconds since the release * 2**32 + recipient */
    int64_t releases;
    Member *member;
    Chain *chain; /* by order of release */
    int64_t taken_up;
    Server server[STEPS];
    uint64_t server_events;
    Ring timer[WAITS], rejects;
    int timer_of_step[WAITS], step_of_timer[WAITS];
    Window *window, **window_of_zone; /* the first window that is not over yet */

    Slot *slot;
    uint64_t *slice, *spare;
    int64_t slots, loaded, following, slice_from; /* slots: loaded last, next that is not empty */
    size_t slice_head, slice_count, slice_capacity;
    Heap late_holds, feedbacks;

    int64_t *counted; /* instants of deliveries that count towards the limit; everyone is counted once */
    int64_t counted_day, counted_all, level, upgrade_at;
    int flagged;
    Quality sender_quality, template_quality;
    int template_state;
    int64_t paused;
} Run;

/* The log. `when` is 1 for a row that is written; the row is stored in any case, which saves a branch. */
static inline void put(Run *r, int when, int64_t at, int64_t other, int32_t who, int event, int subject, int reason,
                       int detail) {
#ifdef COUNT_ONLY
    r->counts[event << 4 | subject] += when;
#else
    *r->row = (Row){at, other, who, (uint8_t)event, (uint8_t)subject, (uint8_t)reason, (uint8_t)detail};
    r->row += when;
#endif
}

/* Ask for large pages: most of what the system does for a run is to hand out its memory. */
static void large_pages(void *from, size_t bytes) {
#ifdef MADV_HUGEPAGE
    uintptr_t first = ((uintptr_t)from + 4095) & ~(uintptr_t)4095, last = ((uintptr_t)from + bytes) & ~(uintptr_t)4095;
    madvise((void *)first, last - first, MADV_HUGEPAGE);
#else
    (void)from, (void)bytes;
#endif
}

#ifndef COUNT_ONLY
static __attribute__((noinline, cold)) void grow_log(Run *r) {
    size_t used = (size_t)(r->row - r->rows), capacity = used ? 2 * used : 12 * (size_t)(r->figures->people + 1024);
    Row *rows = realloc(r->rows, capacity * sizeof(Row)); /* of this size: pages are moved, not copied */
    if (!rows) { r->failed = 1; return; }
    large_pages(rows, capacity * sizeof(Row));
    r->rows = rows;
    r->row = rows + used;
    r->last_row = rows + capacity - MOST_ROWS;
}
#endif

static inline int room(Run *r) {
#ifndef COUNT_ONLY
    if (__builtin_expect(r->row >= r->last_row, 0)) grow_log(r);
#endif
    return !r->failed;
}

static void *memory(Run *r, size_t count, size_t size) {
    size_t bytes = count * size, page = 1 << 21;
    void *found = bytes < 2 * page ? malloc(bytes + 1) : aligned_alloc(page, (bytes + page - 1) / page * page);
    if (!found) r->failed = 1;
    else if (bytes >= 2 * page) large_pages(found, bytes);
    return found;
}

/* Streams. */
static inline void set_next(Run *r, int stream, int64_t at) { r->next[stream] = at << 4 | stream; }

static void make_ring(Run *r, Ring *ring, size_t most) {
    size_t capacity = 16;
    while (capacity < most) capacity *= 2;
    *ring = (Ring){memory(r, capacity, sizeof(Entry)), 0, 0, capacity - 1};
}
static inline void ring_push(Ring *ring, int64_t at, int32_t who) {
    ring->entry[ring->tail++ & ring->mask] = (Entry){at, who, 0};
}
static inline void stream_push(Run *r, Ring *ring, int stream, int64_t at, int32_t who) {
    if (ring->head == ring->tail) set_next(r, stream, at);
    ring_push(ring, at, who);
}
static inline int32_t stream_pop(Run *r, Ring *ring, int stream) {
    int32_t who = ring->entry[ring->head++ & ring->mask].who;
    __builtin_prefetch(ring->entry + ((ring->head + 32) & ring->mask));
    if (ring->head == ring->tail) ring->head = ring->tail = 0; /* keep to memory that is in the cache */
    set_next(r, stream, ring->head == ring->tail ? FOREVER : ring->entry[ring->head & ring->mask].at);
    return who;
}

static inline int before(Later a, Later b) { return a.at < b.at || (a.at == b.at && a.order < b.order); }

static void heap_push(Run *r, Heap *heap, int stream, int64_t at, int32_t what) {
    if (heap->count == heap->capacity) {
        size_t capacity = heap->capacity ? 2 * heap->capacity : 1024;
        Later *grown = realloc(heap->later, capacity * sizeof(Later));
        if (!grown) { r->failed = 1; return; }
        heap->later = grown;
        heap->capacity = capacity;
    }
    Later new = {at, heap->pushed++, what};
    size_t place = heap->count++;
    for (; place && before(new, heap->later[(place - 1) / 2]); place = (place - 1) / 2)
        heap->later[place] = heap->later[(place - 1) / 2];
    heap->later[place] = new;
    set_next(r, stream, heap->later[0].at);
}

static int32_t heap_pop(Run *r, Heap *heap, int stream) {
    int32_t what = heap->later[0].what;
    Later last = heap->later[--heap->count];
    size_t place = 0, child;
    for (; (child = 2 * place + 1) < heap->count; place = child) {
        if (child + 1 < heap->count && before(heap->later[child + 1], heap->later[child])) child++;
        if (!before(heap->later[child], last)) break;
        heap->later[place] = heap->later[child];
    }
    heap->later[place] = last;
    set_next(r, stream, heap->count ? heap->later[0].at : FOREVER);
    return what;
}

/* Sort by bits 32 to 32 + bits, stable; return where the result is, `items` or `spare`. */
static uint64_t *sort_by_time(uint64_t *items, uint64_t *spare, size_t count, int bits) {
    if (count <= 64) {
        for (size_t i = 1; i < count; i++) {
            uint64_t item = items[i];
            size_t place = i;
            for (; place && items[place - 1] >> 32 > item >> 32; place--) items[place] = items[place - 1];
            items[place] = item;
        }
        return items;
    }
    for (int shift = 32; shift < 32 + bits; shift += 8) {
        size_t place[256] = {0}, from = 0;
        for (size_t i = 0; i < count; i++) place[items[i] >> shift & 255]++;
        for (int digit = 0; digit < 256; digit++) {
            size_t size = place[digit];
            place[digit] = from;
            from += size;
        }
        for (size_t i = 0; i < count; i++) spare[place[items[i] >> shift & 255]++] = items[i];
        uint64_t *other = items;
        items = spare;
        spare = other;
    }
    return items;
}

static int bits_of(int64_t most) { return most > 0 ? 64 - __builtin_clzll((uint64_t)most) : 0; }

/* Sort a campaign's releases by (instant, recipient key). */
static uint64_t *sort_releases(Run *r, uint64_t *items, size_t count, int64_t spread_ms) {
    const Person *person = r->figures->person;
    uint64_t *spare = memory(r, count, sizeof(uint64_t));
    if (r->failed) return items;
    uint64_t *sorted = sort_by_time(items, spare, count, bits_of(spread_ms));
    free(sorted == items ? spare : items);
    for (size_t i = 1; i < count; i++) {
        uint64_t item = sorted[i];
        size_t place = i;
        for (; place && sorted[place - 1] >> 32 == item >> 32 &&
               person[(uint32_t)sorted[place - 1]].key > person[(uint32_t)item].key; place--)
            sorted[place] = sorted[place - 1];
        sorted[place] = item;
    }
    return sorted;
}

/* Holds. */
static void load_slot(Run *r) {
    Slot *slot = r->slot + r->following;
    if (slot->count > r->slice_capacity) {
        free(r->slice);
        free(r->spare);
        r->slice_capacity = 2 * slot->count;
        r->slice = memory(r, r->slice_capacity, sizeof(uint64_t));
        r->spare = memory(r, r->slice_capacity, sizeof(uint64_t));
        if (r->failed) return;
    }
    memcpy(r->slice, slot->item, slot->count * sizeof(uint64_t));
    uint64_t *sorted = sort_by_time(r->slice, r->spare, slot->count, SLOT_BITS);
    if (sorted != r->slice) {
        r->spare = r->slice;
        r->slice = sorted;
    }
    r->slice_count = slot->count;
    r->slice_head = 0;
    r->slice_from = r->following << SLOT_BITS;
    r->loaded = r->following;
    free(slot->item);
    *slot = (Slot){0};
    while (++r->following < r->slots && !r->slot[r->following].count) {}
    set_next(r, HOLDS, r->slice_from + (int64_t)(r->slice[0] >> 32));
}

static inline void after_slice(Run *r) {
    set_next(r, HOLDS, r->following < r->slots ? r->following << SLOT_BITS : FOREVER);
}

static void hold_push(Run *r, int64_t at, int32_t who) {
    int64_t place = at >> SLOT_BITS;
    if (place <= r->loaded) { /* too late for its slot */
        heap_push(r, &r->late_holds, LATE_HOLDS, at, who);
        return;
    }
    Slot *slot = r->slot + place;
    if (slot->count == slot->capacity) {
        uint32_t capacity = slot->capacity ? 2 * slot->capacity : 64;
        uint64_t *grown = realloc(slot->item, capacity * sizeof(uint64_t));
        if (!grown) { r->failed = 1; return; }
        slot->item = grown;
        slot->capacity = capacity;
    }
    slot->item[slot->count++] = (uint64_t)(at - (place << SLOT_BITS)) << 32 | (uint32_t)who;
    if (place < r->following) {
        r->following = place;
        if (r->slice_head == r->slice_count) after_slice(r);
    }
}

/* Return the first instant from `at` on, which is not before now, within the hours of the zone. */
static inline int64_t opening(const Run *r, int zone, int64_t at) {
    const Window *window = r->window_of_zone[zone];
    while (window->closes <= at) window++;
    return window->opens > at ? window->opens : at;
}

static inline int32_t who_of(const Chain *chain) { return (int32_t)(chain->who_low | (uint32_t)chain->who_high << 24); }

static inline void end(Run *r, int when, int64_t at, const Chain *chain, int reason) {
    put(r, when, at, NONE, who_of(chain), ENDED, OFFER, reason, 0);
}

/* Hold the message until the rules allow it, and for the jitter that still is within the hours. */
static void hold(Run *r, int64_t now, int32_t rank, int step, int64_t until, int rule) {
    const Figures *f = r->figures;
    Chain *chain = r->chain + rank;
    if (until >= f->end) {
        put(r, 1, now, NONE, who_of(chain), EXPIRED, step, HORIZON, rule);
        end(r, 1, now, chain, HORIZON);
        return;
    }
    put(r, 1, now, until, who_of(chain), HELD, step, NO_REASON, rule);
    uint64_t key = combine(combine(chain->key, f->step[step].channel), 0);
    int64_t delay = (int64_t)((Wide)draw(key, P_JITTER) * (uint64_t)f->jitter >> 64);
    while (delay && (until + delay >= f->end || opening(r, chain->zone, until + delay) != until + delay)) delay /= 2;
    if ((int64_t)chain->stop_at <= until + delay) {
        end(r, 1, chain->stop_at, chain, WAS_READ);
        return;
    }
    chain->step = (uint64_t)step & 7;
    hold_push(r, until + delay, rank);
}

/* Ask the hours and the cap of a message that may go to this channel; return whether it goes now. */
static inline int allowed(Run *r, int64_t now, int32_t rank, int step) {
    Chain *chain = r->chain + rank;
    Window **window = r->window_of_zone + chain->zone;
    while ((*window)->closes <= now) ++*window;
    int64_t open = (*window)->opens > now ? (*window)->opens : now, below_cap = chain->cap_of_second;
    if (open == now && below_cap <= now) return 1;
    if (below_cap > open) {
        open = opening(r, chain->zone, below_cap);
        hold(r, now, rank, step, open, open == below_cap ? RULE_CAP : RULE_HOURS);
    } else {
        hold(r, now, rank, step, open, RULE_HOURS);
    }
    return 0;
}

/* Return why the provider refuses a WhatsApp message, or 0. Nobody gets a second one, so each costs a place. */
static inline int refusal(Run *r, int64_t now) {
    if (r->template_state != RESUMED) return r->template_state == PAUSED ? IS_PAUSED : IS_DISABLED;
    while (r->counted_day < r->counted_all && r->counted[r->counted_day] <= now - DAY) r->counted_day++;
    return r->counted_all - r->counted_day < r->figures->level_of_limit[r->level] ? 0 : OVER_LIMIT;
}

static inline void plan(Run *r, int64_t at, int what) {
    if (at < r->figures->end) heap_push(r, &r->feedbacks, FEEDBACKS, at, what);
}

/* Hand the message over at the head of the queue; it takes the server's turn whatever comes of it. */
static inline void hand_over(Run *r, int64_t now, int32_t rank, int step) {
    const Step *s = r->figures->step + step;
    const int64_t horizon = r->figures->end;
    Chain *chain = r->chain + rank;
    Server *server = r->server + step;
    server->rest += s->interval_rest;
    int64_t carried = server->rest >= s->divisor;
    server->rest -= carried ? s->divisor : 0;
    server->free_at = now + s->interval + carried;
    int refused = step == WHATSAPP ? refusal(r, now) : 0;
    if (!refused) {
        put(r, 1, now, NONE, who_of(chain), SUBMITTED, step, NO_REASON, chain->sent);
        chain->cap_of_second = chain->cap_of_last;
        chain->cap_of_last = (uint64_t)(now + DAY);
        uint64_t key = combine(combine(chain->key, s->key), 0);
        if (draw(key, P_ACCEPTED) <= s->accepted) {
            chain->sent++;
            int64_t at = now + look_up(s->delivery, draw(key, P_DELIVERY));
            if (draw(key, P_DELIVERED) > s->delivered) {
                int quick = at < horizon && !(draw(key, P_FAILURE) >> 63); /* else it lapses past the horizon */
                put(r, quick, at, NONE, who_of(chain), FAILED, step, UNREACHABLE, 0);
            } else {
                put(r, at < horizon, at, NONE, who_of(chain), DELIVERED, step, NO_REASON, 0);
                if (step == WHATSAPP) plan(r, at, DELIVERY);
                if (draw(key, P_READ) <= s->read) {
                    at += look_up(s->reading, draw(key, P_READING));
                    put(r, at < horizon, at, s->reports_read ? at : NONE, who_of(chain), READ, step, NO_REASON, 0);
                    if (s->reports_read && at < (int64_t)chain->stop_at) chain->stop_at = (uint64_t)at;
                    if (draw(key, P_COMPLAINED) <= s->complained) {
                        at += look_up(s->complaining, draw(key, P_COMPLAINING));
                        put(r, at < horizon, at, NONE, who_of(chain), COMPLAINED, step, NO_REASON, 0);
                        if (step == WHATSAPP) plan(r, at, COMPLAINT);
                    }
                }
            }
            int64_t until = now + s->wait;
            if (step == SMS)
                end(r, 1, now, chain, EXHAUSTED);
            else if ((int64_t)chain->stop_at <= until)
                end(r, chain->stop_at < horizon, chain->stop_at, chain, WAS_READ);
            else if (until < horizon)
                stream_push(r, r->timer + r->timer_of_step[step], TIMERS + r->timer_of_step[step], until, rank);
            return;
        }
        refused = NOT_ACCEPTED;
    }
    put(r, 1, now, now, who_of(chain), REJECTED, step, refused, 0);
    if (step == SMS) {
        end(r, 1, now, chain, EXHAUSTED);
        return;
    }
    chain->step = (uint64_t)(step + 1) & 7;
    stream_push(r, &r->rejects, REJECTS, now, rank);
}

/* Join the queue of a step; an idle server decides at once, for nothing can come between. */
static inline void join(Run *r, int64_t now, int32_t rank, int step) {
    Server *server = r->server + step;
    if (server->queue.head == server->queue.tail) {
        if (server->free_at <= now) {
            hand_over(r, now, rank, step);
            return;
        }
        server->order = r->server_events++;
        set_next(r, SERVERS + step, server->free_at);
    }
    ring_push(&server->queue, 0, rank);
}

/* Decide about the heads of a queue until one takes the turn. */
static inline void serve(Run *r, int64_t now, int step) {
    Server *server = r->server + step;
    Ring *queue = &server->queue;
    while (queue->head != queue->tail && server->free_at <= now && room(r)) {
        int32_t rank = queue->entry[queue->head++ & queue->mask].who;
        __builtin_prefetch(queue->entry + ((queue->head + 32) & queue->mask));
        __builtin_prefetch(r->chain + queue->entry[(queue->head + 4) & queue->mask].who);
        Chain *chain = r->chain + rank;
        if ((int64_t)chain->stop_at <= now) {
            put(r, 1, now, NONE, who_of(chain), CANCELLED, step, NO_REASON, 0);
            end(r, 1, now, chain, WAS_READ);
        } else if (allowed(r, now, rank, step)) {
            hand_over(r, now, rank, step);
        }
    }
    server->order = r->server_events++;
    set_next(r, SERVERS + step, queue->head != queue->tail ? server->free_at : FOREVER);
}

/* Start the first step from `step` on that can be sent; those that are passed over take no time. */
static inline void go_on(Run *r, int64_t now, int32_t rank, int step) {
    const Chain *chain = r->chain + rank;
    int found = __builtin_ctz((unsigned)(chain->present & chain->agreed) >> step << step | 1 << STEPS);
    for (; step < found; step++) {
        int absent = !(chain->present >> step & 1);
        put(r, 1, now, NONE, who_of(chain), absent ? ABSENT : DENIED, step, absent ? NO_ADDRESS : NO_CONSENT, RULE_CONSENT);
    }
    if (step == STEPS)
        end(r, 1, now, chain, EXHAUSTED);
    else if (allowed(r, now, rank, step))
        join(r, now, rank, step);
}

/* Feedback: deliveries and complaints on WhatsApp move the limit, the ratings and the template. */
static void sender_row(Run *r, int64_t at, int event, int64_t units, int reason) {
    put(r, 1, at, units, -1, event, SENDER, reason, 0);
}

static void limit_row(Run *r, int64_t at, int reason) {
    const Figures *f = r->figures;
    sender_row(r, at, LIMIT_CHANGED, r->level + 1 < f->levels ? f->level_of_limit[r->level] : NONE, reason);
}

static int64_t rate(const Figures *f, const Quality *q) {
    static const int64_t weight[7] = {256, 181, 128, 91, 64, 45, 32};
    int64_t total = 0, weighed = 0, bad = 0;
    for (int age = 0; age < 7; age++) {
        int64_t slot = (q->day - age) % 7;
        total += q->delivered[slot];
        weighed += q->delivered[slot] * weight[age];
        bad += q->negative[slot] * weight[age];
    }
    if (total < f->minimum) return 0;
    return bad * 1000000 >= f->red_ppm * weighed ? 2 : bad * 1000000 >= f->yellow_ppm * weighed ? 1 : 0;
}

/* Count for one rating; return whether it changed. */
static int count_quality(const Figures *f, Quality *q, int64_t at, int delivered, int negative) {
    int64_t day = (f->start + at) / DAY;
    if (q->day < 0) q->day = day;
    while (q->day < day) {
        q->day++;
        q->delivered[q->day % 7] = q->negative[q->day % 7] = 0;
    }
    q->delivered[q->day % 7] += delivered;
    q->negative[q->day % 7] += negative;
    int64_t rating = rate(f, q);
    int changed = rating != q->rating;
    q->rating = rating;
    return changed;
}

static void template_rating(Run *r, int64_t at) {
    const Figures *f = r->figures;
    put(r, 1, at, r->template_quality.rating, -1, QUALITY_CHANGED, TEMPLATE, GREEN + (int)r->template_quality.rating, 0);
    if (r->template_quality.rating != 2 || r->template_state != RESUMED) return;
    int64_t until = r->paused < f->pauses ? at + f->pause[r->paused++] : NONE;
    r->template_state = until == NONE ? DISABLED : PAUSED;
    put(r, 1, at, until, -1, TEMPLATE_STATE, TEMPLATE, r->template_state, 0);
    if (until != NONE) plan(r, until, TEMPLATE_RESUME);
}

static void count_delivery(Run *r, int64_t at) {
    const Figures *f = r->figures;
    r->counted[r->counted_all++] = at;
    if (r->upgrade_at != FOREVER || r->flagged || r->level + 1 == f->levels) return;
    if (r->counted_all * f->upgrade_denominator < f->level_of_limit[r->level] * f->upgrade_numerator) return;
    r->upgrade_at = at + f->upgrade_after;
    plan(r, r->upgrade_at, LIMIT_UPGRADE);
}

static void count_feedback(Run *r, int64_t at, int delivered, int negative) {
    const Figures *f = r->figures;
    if (delivered) count_delivery(r, at);
    if (count_quality(f, &r->sender_quality, at, delivered, negative)) {
        sender_row(r, at, QUALITY_CHANGED, r->sender_quality.rating, GREEN + (int)r->sender_quality.rating);
        r->flagged = r->sender_quality.rating == 2; /* a level would be lost after the horizon */
        if (r->flagged) r->upgrade_at = FOREVER;
    }
    if (count_quality(f, &r->template_quality, at, delivered, negative)) template_rating(r, at);
}

static __attribute__((noinline)) void react(Run *r, int64_t at, int what) {
    if (what == DELIVERY || what == COMPLAINT) {
        count_feedback(r, at, what == DELIVERY, what == COMPLAINT);
    } else if (what == LIMIT_UPGRADE && r->upgrade_at == at) {
        r->upgrade_at = FOREVER;
        r->level++;
        limit_row(r, at, UPGRADE);
    } else if (what == TEMPLATE_RESUME && r->template_state == PAUSED) {
        r->template_state = RESUMED;
        put(r, 1, at, NONE, -1, TEMPLATE_STATE, TEMPLATE, RESUMED, 0);
        memset(r->template_quality.delivered, 0, sizeof r->template_quality.delivered);
        memset(r->template_quality.negative, 0, sizeof r->template_quality.negative);
        r->template_quality.rating = 0;
        template_rating(r, at);
    }
}

/* The earlier campaign: one flash call each, always accepted and delivered at once, a microsecond apart. No later event
   can change it, so it is played before the loop. */
static void play_earlier(Run *r) {
    const Figures *f = r->figures;
    int64_t free_at = 0;
    for (int64_t i = 0; i < f->earlier_members && room(r); i++) {
        int32_t who = (int32_t)(uint32_t)r->earlier_released[i];
        int64_t at = f->earlier_at + (int64_t)(r->earlier_released[i] >> 32) * 1000, served = at > free_at ? at : free_at;
        free_at = served + 1;
        r->member[who].cap_of_flash_call = (uint64_t)(served + DAY);
        put(r, 1, at, NONE, who, RELEASED, EARLIER, NO_REASON, 0);
        put(r, 1, served, NONE, who, SUBMITTED, FLASH_CALL, NO_REASON, 0);
        put(r, 1, served, NONE, who, DELIVERED, FLASH_CALL, NO_REASON, 0);
        put(r, 1, served, NONE, who, ENDED, EARLIER, EXHAUSTED, 0);
    }
    if (free_at > f->offer_at + 1) r->failed = 2;
}

static inline int64_t release_at(const Run *r, int64_t rank) {
    return rank < r->releases ? r->figures->offer_at + (int64_t)(r->released[rank] >> 32) * 1000 : FOREVER;
}

static inline int32_t take_up(Run *r, int64_t now) {
    int64_t rank = r->taken_up++;
    set_next(r, RELEASES, release_at(r, rank + 1));
    if (rank + 16 < r->releases) {
        __builtin_prefetch(r->figures->person + (uint32_t)r->released[rank + 16]);
        __builtin_prefetch(r->member + (uint32_t)r->released[rank + 16]);
    }
    uint32_t who = (uint32_t)r->released[rank];
    Person person = r->figures->person[who];
    Member member = r->member[who];
    r->chain[rank] = (Chain){
        .key = member.key, .stop_at = NEVER_READ, .present = person.present & 31, .agreed = person.agreed & 31,
        .zone = person.zone & 31, .sent = member.cap_of_flash_call != 0, .cap_of_last = member.cap_of_flash_call,
        .who_low = who & 0xFFFFFF, .who_high = who >> 24 & 255};
    put(r, 1, now, NONE, (int32_t)who, RELEASED, OFFER, NO_REASON, 0);
    return (int32_t)rank;
}

/* Servers due at one instant look in the order in which that was decided. */
static int first_server(const Run *r, int64_t now, int step) {
    for (int other = 0; other < STEPS; other++)
        if (r->next[SERVERS + other] >> 4 == now && r->server[other].order < r->server[step].order) step = other;
    return step;
}

static void play_offer(Run *r) {
    const Figures *f = r->figures;
    while (room(r)) {
        int64_t least = r->next[0];
        for (int stream = 1; stream < STREAMS; stream++) least = r->next[stream] < least ? r->next[stream] : least;
        const int64_t now = least >> 4;
        const int stream = (int)(least & 15);
        int32_t rank;
        int step;
        if (now >= f->end) return;
        if (stream >= TIMERS && stream < REJECTS) {
            Ring *ring = r->timer + (stream - TIMERS);
            rank = stream_pop(r, ring, stream);
            __builtin_prefetch(r->chain + ring->entry[(ring->head + 8) & ring->mask].who);
            go_on(r, now, rank, r->step_of_timer[stream - TIMERS] + 1);
        } else if (stream == RELEASES) {
            go_on(r, now, take_up(r, now), PUSH);
        } else if (stream == REJECTS) {
            rank = stream_pop(r, &r->rejects, REJECTS);
            go_on(r, now, rank, r->chain[rank].step);
        } else if (stream >= SERVERS && stream < TIMERS) {
            serve(r, now, first_server(r, now, stream - SERVERS));
        } else if (stream == FEEDBACKS) {
            react(r, now, heap_pop(r, &r->feedbacks, FEEDBACKS));
        } else if (stream == HOLDS && r->slice_head == r->slice_count) {
            load_slot(r);
        } else {
            if (stream == HOLDS) {
                rank = (int32_t)(uint32_t)r->slice[r->slice_head++];
                if (r->slice_head + 8 < r->slice_count)
                    __builtin_prefetch(r->chain + (uint32_t)r->slice[r->slice_head + 8]);
                if (r->slice_head < r->slice_count)
                    set_next(r, HOLDS, r->slice_from + (int64_t)(r->slice[r->slice_head] >> 32));
                else
                    after_slice(r);
            } else {
                rank = heap_pop(r, &r->late_holds, LATE_HOLDS);
            }
            step = r->chain[rank].step;
            join(r, now, rank, step); /* the rules allowed this instant when the hold began, and nothing of theirs moved */
        }
    }
}

/* Set-up. */
static void make_windows(Run *r) {
    const Figures *f = r->figures;
    r->window = memory(r, (size_t)(f->zones * (f->days + 1)), sizeof(Window));
    r->window_of_zone = memory(r, (size_t)f->zones, sizeof(Window *));
    if (r->failed) return;
    Window *next = r->window;
    for (int64_t zone = 0; zone < f->zones; zone++) {
        r->window_of_zone[zone] = next;
        for (int64_t day = 0; day < f->days; day++) {
            int64_t midnight = (f->first_day + day) * DAY - f->zone_offset[zone] - f->start;
            if (f->day_open[day]) *next++ = (Window){midnight + OPENS, midnight + CLOSES};
        }
        *next++ = (Window){FOREVER, INT64_MAX};
    }
}

static void order_timers(Run *r) {
    for (int step = 0; step < WAITS; step++) {
        int longer = 0;
        for (int other = 0; other < WAITS; other++) longer += r->figures->step[other].wait > r->figures->step[step].wait;
        r->timer_of_step[step] = longer;
        r->step_of_timer[longer] = step;
    }
}

/* Draw the releases and sort them: the part of a run that needs no clock. Returns NULL without memory. */
Run *w_release(const Figures *f) {
    Run *r = aligned_alloc(64, (sizeof(Run) + 63) / 64 * 64);
    if (!r) return NULL;
    memset(r, 0, sizeof *r);
    r->figures = f;
    r->releases = f->people;
    r->member = memory(r, (size_t)f->people, sizeof(Member));
    r->released = memory(r, (size_t)f->people, sizeof(uint64_t));
    r->earlier_released = memory(r, (size_t)f->earlier_members, sizeof(uint64_t));
    if (r->failed) return r;
    for (int64_t who = 0; who < f->people; who++) {
        uint64_t key = combine(combine(f->run_key, f->person[who].key), f->offer_key);
        r->member[who] = (Member){key, 0};
        r->released[who] = (draw(key, P_RELEASE) >> 32) * (uint64_t)f->offer_spread_ms >> 32 << 32 | (uint64_t)who;
    }
    for (int64_t i = 0; i < f->earlier_members; i++) {
        uint32_t who = (uint32_t)f->earlier_member[i];
        uint64_t key = combine(combine(f->run_key, f->person[who].key), f->earlier_key);
        r->earlier_released[i] = (draw(key, P_RELEASE) >> 32) * (uint64_t)f->earlier_spread_ms >> 32 << 32 | who;
    }
    r->released = sort_releases(r, r->released, (size_t)f->people, f->offer_spread_ms);
    r->earlier_released = sort_releases(r, r->earlier_released, (size_t)f->earlier_members, f->earlier_spread_ms);
    return r;
}

/* Play the horizon. Returns 0, 1 without memory, 2 where the earlier campaign reaches into the offer. */
int w_play(Run *r) {
    const Figures *f = r->figures;
    size_t most = (size_t)r->releases;
    r->slots = (f->end >> SLOT_BITS) + 1;
    r->loaded = -1;
    r->following = r->slots;
    r->slot = calloc((size_t)r->slots, sizeof(Slot));
    r->chain = memory(r, most, sizeof(Chain));
    r->counted = memory(r, most, sizeof(int64_t));
    for (int step = 0; step < STEPS; step++) make_ring(r, &r->server[step].queue, most);
    for (int timer = 0; timer < WAITS; timer++) make_ring(r, r->timer + timer, most);
    make_ring(r, &r->rejects, most);
    make_windows(r);
    if (r->failed || !r->slot) return 1;
    order_timers(r);
    for (int stream = 0; stream < STREAMS; stream++) set_next(r, stream, FOREVER);
    set_next(r, RELEASES, release_at(r, 0));
    r->level = f->level;
    r->upgrade_at = FOREVER;
    r->sender_quality.day = r->template_quality.day = -1;
    r->template_state = RESUMED;
    if (!room(r)) return r->failed;
    limit_row(r, 0, START);
    sender_row(r, 0, QUALITY_CHANGED, 0, GREEN);
    play_earlier(r);
    play_offer(r);
    return r->failed;
}

int64_t w_rows(const Run *r) { return r->row - r->rows; }
const Row *w_log(const Run *r) { return r->rows; }
const int64_t *w_counts(const Run *r) { return r->counts; }
size_t w_figures_size(void) { return sizeof(Figures); }

void w_free(Run *r) {
    for (int64_t slot = 0; r->slot && slot < r->slots; slot++) free(r->slot[slot].item);
    for (int step = 0; step < STEPS; step++) free(r->server[step].queue.entry);
    for (int timer = 0; timer < WAITS; timer++) free(r->timer[timer].entry);
    void *all[] = {r->rejects.entry, r->slot, r->chain, r->counted, r->window, r->window_of_zone, r->slice, r->spare,
                   r->late_holds.later, r->feedbacks.later, r->member, r->released, r->earlier_released, r->rows, r};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
}
