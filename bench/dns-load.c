/*
 * Asks a name server as fast as it answers, and says how fast that was.
 *
 *   dns-load ADDRESS PORT NAME TYPE IN-FLIGHT SECONDS [fresh]
 *
 * One thread and one connected socket keep IN-FLIGHT questions under way; with "fresh" each question has a socket of
 * its own, as the C library's resolver does it, one at a time. Prints one line of JSON. Its own processor time is in
 * it, because it shares the machine with what it measures.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MOST_IN_FLIGHT 1024
#define LONGEST_US 1000000

static uint64_t sent_at[65536];
static unsigned histogram[LONGEST_US + 1];
static unsigned char question[512];
static int question_length;

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void make_question(const char *name, int type) {
  unsigned char *at = question + 12;
  question[2] = 1;
  question[5] = 1;
  while (*name) {
    size_t length = strcspn(name, ".");
    *at++ = (unsigned char)length;
    memcpy(at, name, length);
    at += length;
    name += length + (name[length] == '.');
  }
  *at++ = 0;
  *at++ = 0;
  *at++ = (unsigned char)type;
  *at++ = 0;
  *at++ = 1;
  question_length = (int)(at - question);
}

static int connected(const struct sockaddr_in *server) {
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  int buffer = 1 << 20;
  if (fd < 0 || connect(fd, (const struct sockaddr *)server, sizeof *server) != 0) {
    perror("dns-load: connect");
    exit(1);
  }
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  return fd;
}

static void ask(int fd, unsigned id) {
  question[0] = (unsigned char)(id >> 8);
  question[1] = (unsigned char)id;
  sent_at[id & 0xffff] = now();
  if (send(fd, question, (size_t)question_length, 0) < 0 && errno != ECONNREFUSED) {
    perror("dns-load: send");
  }
}

/* Waits for one answer; -1 when none comes within a second. */
static int answer(int fd, unsigned *records) {
  unsigned char bytes[4096];
  ssize_t length = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
  if (length < 0) {
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    if (poll(&ready, 1, 1000) <= 0) {
      return -1;
    }
    length = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
  }
  if (length < 12) {
    return -1;
  }
  *records = (unsigned)bytes[6] << 8 | bytes[7];
  unsigned id = (unsigned)bytes[0] << 8 | bytes[1];
  uint64_t took = (now() - sent_at[id]) / 1000;
  histogram[took > LONGEST_US ? LONGEST_US : took]++;
  return (int)id;
}

static unsigned long percentile(unsigned long total, double part) {
  unsigned long wanted = (unsigned long)((double)total * part);
  unsigned long seen = 0;
  for (unsigned long us = 0; us <= LONGEST_US; us++) {
    seen += histogram[us];
    if (seen > wanted) {
      return us;
    }
  }
  return LONGEST_US;
}

int main(int count, char **words) {
  if (count < 7) {
    fprintf(stderr, "usage: dns-load ADDRESS PORT NAME TYPE IN-FLIGHT SECONDS [fresh]\n");
    return 2;
  }
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(words[2]))};
  inet_pton(AF_INET, words[1], &server.sin_addr);
  make_question(words[3], atoi(words[4]));
  int in_flight = atoi(words[5]);
  int fresh = count > 7 && strcmp(words[7], "fresh") == 0;
  if (in_flight < 1 || in_flight > MOST_IN_FLIGHT) {
    return 2;
  }
  int fd = connected(&server);
  uint64_t begin = now();
  uint64_t end = begin + (uint64_t)(atof(words[6]) * 1e9);
  unsigned long answers = 0;
  unsigned long lost = 0;
  unsigned long empty = 0;
  unsigned next = 0;
  for (int i = 0; i < in_flight && !fresh; i++) {
    ask(fd, next++ & 0xffff);
  }
  while (now() < end) {
    unsigned records = 0;
    if (fresh) {
      close(fd);
      fd = connected(&server);
      ask(fd, next++ & 0xffff);
    }
    if (answer(fd, &records) < 0) {
      lost += fresh ? 1 : (unsigned long)in_flight;
      for (int i = 0; i < in_flight && !fresh; i++) {
        ask(fd, next++ & 0xffff);
      }
      continue;
    }
    answers++;
    empty += records == 0;
    if (!fresh) {
      ask(fd, next++ & 0xffff);
    }
  }
  double seconds = (double)(now() - begin) / 1e9;
  struct rusage own;
  getrusage(RUSAGE_SELF, &own);
  double cpu_us = (double)(own.ru_utime.tv_sec + own.ru_stime.tv_sec) * 1e6 + (double)own.ru_utime.tv_usec
      + (double)own.ru_stime.tv_usec;
  printf("{\"answers\":%lu,\"perSecond\":%.0f,\"p50us\":%lu,\"p99us\":%lu,\"lost\":%lu,\"empty\":%lu,"
         "\"ownCpuUsPerLookup\":%.2f}\n",
      answers, (double)answers / seconds, percentile(answers, 0.5), percentile(answers, 0.99), lost, empty,
      answers == 0 ? 0 : cpu_us / (double)answers);
  return answers == 0;
}
