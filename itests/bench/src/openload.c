// An open-loop HTTP generator: requests begin at fixed times, whatever became of those before, and a latency counts
// from the time a request was meant to begin. A request whose connection is busy waits for it, and the wait counts.
// A RATE of 0 closes the loop: each connection asks again when it was answered.
// usage: openload PORT PATH CONNECTIONS RATE SECONDS [WARM [SPREAD [HOST]]]   prints one line of JSON.
// WARM: so many seconds come before those that count; then it prints "ready". SPREAD: PATH and HOST may hold a %u, which
// goes through 0 to SPREAD - 1, out of order. HOST may go on with more fields.
#include "net.h"
#include "histogram.h"
#include <sys/prctl.h>
#include <sys/resource.h>

struct conn {
  int fd;
  int busy;
  uint64_t next;    // number of the request that is out, or of the next one
  uint64_t begun;   // when it was meant to begin
  size_t body_left;
  int head_len;     // bytes of an unfinished head
  int in_body;
  char head[4096];
};

static char request[2048], form[1024];
static size_t request_len;
static unsigned spread = 1;
static uint64_t asked;
static char sink[1 << 18];
static struct conn *conns;
static int connections;
static double interval_ns;
static uint64_t start, counted, errors, done, late_most;

static uint64_t due(uint64_t number) { return start + (uint64_t)((double)number * interval_ns); }

static void lose(struct conn *c) {
  errors++;
  close(c->fd);
  c->fd = -1;
}

// 7919 is a prime, so that every number below a power of ten comes once before any comes again.
static void word(void) {
  unsigned number = (unsigned)(asked++ * 7919 % spread);
  request_len = (size_t)snprintf(request, sizeof request, form, number, number);
}

static void ask(struct conn *c, uint64_t begun) {
  c->busy = 1;
  c->begun = begun;
  if (spread > 1) word();
  c->head_len = c->in_body = 0;
  if (send(c->fd, request, request_len, MSG_NOSIGNAL) != (ssize_t)request_len) lose(c);
}

static void answered(struct conn *c, uint64_t now, uint64_t end) {
  uint64_t us = (now - c->begun) / 1000;
  if (c->begun >= counted) {
    counts[slot_of(us)]++;
    if (us > late_most) late_most = us;
    done++;
  }
  c->next += (uint64_t)connections;
  c->busy = 0;
  if (interval_ns == 0) {
    if (now < end) ask(c, now);
  } else if (due(c->next) <= now && due(c->next) < end) {
    ask(c, due(c->next));
  }
}

// Takes a head apart as far as its length is concerned; -1 when it is none.
static int head_ends(struct conn *c, const char *data, size_t length) {
  size_t room = sizeof c->head - 1 - (size_t)c->head_len, part = length < room ? length : room;
  int before = c->head_len;
  memcpy(c->head + c->head_len, data, part);
  c->head_len += (int)part;
  c->head[c->head_len] = 0;
  char *end = strstr(c->head, "\r\n\r\n");
  if (!end) return part < length ? -1 : 0;
  char *field = strcasestr(c->head, "\ncontent-length:");
  if (!field || strncmp(c->head + 9, "200", 3)) return -1;
  c->body_left = strtoul(field + 16, NULL, 10);
  c->in_body = 1;
  return (int)(end + 4 - c->head) - before;
}

static void receive(struct conn *c, uint64_t end) {
  ssize_t got = recv(c->fd, sink, sizeof sink, 0);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0 || !c->busy) {
    lose(c);
    return;
  }
  size_t length = (size_t)got, used = 0;
  if (!c->in_body) {
    int head = head_ends(c, sink, length);
    if (head < 0) {
      lose(c);
      return;
    }
    used = c->in_body ? (size_t)head : length;
  }
  if (length - used > c->body_left) {
    lose(c);
    return;
  }
  c->body_left -= length - used;
  if (c->in_body && c->body_left == 0) answered(c, now_ns(), end);
}

int main(int argc, char **argv) {
  if (argc < 6 || argc > 9) {
    fprintf(stderr, "usage: openload PORT PATH CONNECTIONS RATE SECONDS [WARM [SPREAD [HOST]]]\n");
    return 2;
  }
  int port = atoi(argv[1]);
  connections = atoi(argv[3]);
  double rate = atof(argv[4]), seconds = atof(argv[5]), warm = argc > 6 ? atof(argv[6]) : 0;
  spread = argc > 7 ? (unsigned)atoi(argv[7]) : 1;
  if (connections < 1 || rate < 0 || spread < 1) return 2;
  interval_ns = rate > 0 ? 1e9 / rate : 0;
  snprintf(form, sizeof form, "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", argv[2], argc > 8 ? argv[8] : "bench");
  word();
  prctl(PR_SET_TIMERSLACK, 1);
  struct rlimit most;
  getrlimit(RLIMIT_NOFILE, &most);
  most.rlim_cur = most.rlim_max;
  setrlimit(RLIMIT_NOFILE, &most);
  int ep = epoll_create1(0);
  conns = calloc((size_t)connections, sizeof *conns);
  if (!conns) die("calloc");
  for (int i = 0; i < connections; i++) {
    struct sockaddr_in a = loopback(port);
    conns[i].fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(conns[i].fd, (struct sockaddr *)&a, sizeof a)) die("connect");
    prepare(conns[i].fd);
    conns[i].next = (uint64_t)i;
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = &conns[i]};
    epoll_ctl(ep, EPOLL_CTL_ADD, conns[i].fd, &e);
  }
  // All are accepted before the first asks.
  if (warm > 0) usleep(500000);
  start = now_ns();
  counted = start + (uint64_t)(warm * 1e9);
  uint64_t end = counted + (uint64_t)(seconds * 1e9), turn = 0, now = start;
  int told = warm == 0;
  for (int i = 0; interval_ns == 0 && i < connections; i++) ask(&conns[i], start);
  // What was meant to begin before the end gets five seconds for its answer.
  while (now < end + 5000000000u) {
    if (!told && now >= counted) {
      told = puts("ready") >= 0 && fflush(stdout) == 0;
    }
    while (interval_ns > 0 && due(turn) <= now && due(turn) < end) {
      struct conn *c = &conns[turn % (uint64_t)connections];
      if (c->fd >= 0 && !c->busy && c->next == turn) ask(c, due(turn));
      turn++;
    }
    int busy = 0;
    for (int i = 0; now >= end && i < connections; i++) busy += conns[i].fd >= 0 && conns[i].busy;
    if (now >= end && !busy) break;
    uint64_t wait = interval_ns > 0 && now < end && due(turn) > now ? due(turn) - now : 1000000;
    struct timespec t = {.tv_nsec = (long)(wait < 100000000 ? wait : 100000000)};
    struct epoll_event events[256];
    int n = epoll_pwait2(ep, events, 256, &t, NULL);
    for (int i = 0; i < n; i++) receive(events[i].data.ptr, end);
    now = now_ns();
  }
  for (int i = 0; i < connections; i++) errors += conns[i].fd >= 0 && conns[i].busy;
  printf("{\"requests\":%lu,\"seconds\":%.6f,\"p50_us\":%lu,\"p99_us\":%lu,\"p999_us\":%lu,\"max_us\":%lu,\"errors\":%lu}\n",
         (unsigned long)done, seconds, (unsigned long)quantile(0.5, done), (unsigned long)quantile(0.99, done),
         (unsigned long)quantile(0.999, done), (unsigned long)late_most, (unsigned long)errors);
  return 0;
}
