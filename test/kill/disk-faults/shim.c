/*
 * A layer between a program and the C library (LD_PRELOAD) that makes one call on the files of a
 * directory fail. All settings are environment variables:
 *
 *   FAULT_DIR    only files whose path contains this text count
 *   FAULT_KIND   crash   the process ends before the call
 *                after   the process ends after the call
 *                torn    a write ends in its middle, and with it the process
 *                power   as crash, and everything that was not synced is undone
 *                short   a write writes only a part, which the caller must notice
 *                eio     the call fails once with an input/output error
 *                eread   a read fails once with an input/output error
 *                enospc  all calls that need space fail for FAULT_CALLS calls
 *                flip    a write changes one bit without an error
 *                count   nothing fails
 *   FAULT_AT     the number of the call, from 1; reads are counted apart, and only for eread
 *   FAULT_SEED   chooses the place in torn, flip, short and power
 *
 * At its end the process prints `calls N` to the file FAULT_REPORT, if that is set.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILES 4096
#define EXIT_BY_FAULT 77

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *directory, *kind;
static long at, calls_full, calls, reads;
static unsigned long seed;
/* The path of each descriptor that counts; NULL: it does not. */
static char *path_of[FILES];

#define REAL(name) ((__typeof__(&name))real(#name))
static void *real(const char *name) {
  void *found = dlsym(RTLD_NEXT, name);
  if (found == NULL) abort();
  return found;
}

static unsigned long chance(unsigned long below) {
  seed = seed * 6364136223846793005UL + 1442695040888963407UL;
  return below == 0 ? 0 : (seed >> 33) % below;
}

static int is(const char *name) { return strcmp(kind, name) == 0; }

__attribute__((constructor)) static void begin(void) {
  const char *text;
  directory = getenv("FAULT_DIR");
  kind = getenv("FAULT_KIND");
  if (kind == NULL) kind = "count";
  at = (text = getenv("FAULT_AT")) ? atol(text) : 0;
  calls_full = (text = getenv("FAULT_CALLS")) ? atol(text) : 1;
  seed = (text = getenv("FAULT_SEED")) ? strtoul(text, NULL, 10) : 1;
}

__attribute__((destructor)) static void end(void) {
  const char *report = getenv("FAULT_REPORT");
  FILE *file = report ? fopen(report, "w") : NULL;
  if (file == NULL) return;
  fprintf(file, "calls %ld reads %ld\n", calls, reads);
  fclose(file);
}

/* What undoes the calls that were not synced, newest first. */
struct undo {
  struct undo *before;
  /* The file to which the call belongs until it is synced: a file, or the directory of a name. */
  ino_t of;
  enum { CONTENT, CREATED, UNLINKED, RENAMED } what;
  char *path, *aside;
  off_t from, size;
  size_t length;
  char *bytes;
};
static struct undo *undos;

static ino_t inode_of(const char *path) {
  struct stat found;
  return stat(path, &found) == 0 ? found.st_ino : 0;
}

static ino_t parent_of(const char *path) {
  char copy[PATH_MAX];
  snprintf(copy, sizeof copy, "%s", path);
  return inode_of(dirname(copy));
}

static struct undo *remember(int what, const char *path, ino_t of) {
  struct undo *one = calloc(1, sizeof *one);
  one->what = what;
  one->path = strdup(path);
  one->of = of;
  one->before = undos;
  undos = one;
  return one;
}

/* Keeps the bytes of a file from `from` on, before they change. */
static void remember_content(int fd, off_t from, size_t length) {
  struct stat found;
  if (!is("power") || fstat(fd, &found) != 0 || !S_ISREG(found.st_mode)) return;
  struct undo *one = remember(CONTENT, path_of[fd], found.st_ino);
  one->from = from;
  one->size = found.st_size;
  one->bytes = malloc(length + 1);
  ssize_t got = REAL(pread64)(fd, one->bytes, length, from);
  one->length = got > 0 ? (size_t)got : 0;
}

static void synced(int fd) {
  struct stat found;
  if (!is("power") || fstat(fd, &found) != 0) return;
  for (struct undo **one = &undos; *one != NULL;) {
    if ((*one)->of == found.st_ino) {
      if ((*one)->aside != NULL) REAL(unlink)((*one)->aside);
      *one = (*one)->before;
    } else one = &(*one)->before;
  }
}

/* The power goes: for each file, all calls or the newest ones that were not synced are lost. */
static void lose_power(void) {
  for (struct undo *one = undos; one != NULL; one = one->before) {
    if (one->of == 0) continue;
    ino_t of = one->of;
    long lost = 0, all = 0;
    for (struct undo *other = one; other != NULL; other = other->before) all += other->of == of;
    lost = chance(3) == 0 ? (long)chance((unsigned long)all + 1) : all;
    for (struct undo *other = one; other != NULL; other = other->before) {
      if (other->of != of) continue;
      other->of = 0;
      if (lost-- <= 0) continue;
      if (other->what == CREATED) REAL(unlink)(other->path);
      else if (other->what == UNLINKED || other->what == RENAMED) {
        if (other->what == RENAMED) REAL(rename)(other->path, other->aside);
        else REAL(rename)(other->aside, other->path);
      } else {
        int fd = REAL(open64)(other->path, O_RDWR);
        if (fd < 0) continue;
        if (other->length > 0) REAL(pwrite64)(fd, other->bytes, other->length, other->from);
        REAL(ftruncate64)(fd, other->size);
        REAL(close)(fd);
      }
    }
  }
}

static void die(void) {
  if (is("power")) lose_power();
  _exit(EXIT_BY_FAULT);
}

enum verdict { NORMAL, FAIL, HERE };

/* Counts a call. HERE: the caller does what the kind says. FAIL: errno is set. */
static enum verdict count(int needs_space) {
  calls++;
  if (calls < at || at == 0) return NORMAL;
  if (is("enospc")) {
    if (!needs_space || calls >= at + calls_full) return NORMAL;
    errno = ENOSPC;
    return FAIL;
  }
  if (calls > at && !((is("flip") || is("torn") || is("short")))) return NORMAL;
  if (is("crash") || is("power")) die();
  if (is("eio")) {
    errno = EIO;
    return FAIL;
  }
  return is("after") || is("flip") || is("torn") || is("short") ? HERE : NORMAL;
}

static int done;
static int once(void) { return done++ == 0; }

static char *counted(int fd) { return fd >= 0 && fd < FILES ? path_of[fd] : NULL; }

static void track(int fd, const char *path) {
  char whole[PATH_MAX];
  if (fd < 0 || fd >= FILES || directory == NULL) return;
  path_of[fd] = NULL;
  if (realpath(path, whole) != NULL && strstr(whole, directory) != NULL) path_of[fd] = strdup(whole);
}

static int opened(const char *path, int flags, mode_t mode, int (*call)(const char *, int, ...)) {
  int creates = (flags & O_CREAT) && directory != NULL && strstr(path, directory) != NULL && access(path, F_OK) != 0;
  pthread_mutex_lock(&lock);
  enum verdict verdict = creates ? count(1) : NORMAL;
  int fd = -1;
  if (verdict != FAIL) {
    fd = call(path, flags, mode);
    int cause = errno;
    track(fd, path);
    if (creates && fd >= 0 && is("power")) remember(CREATED, path, parent_of(path));
    if (verdict == HERE && is("after")) die();
    errno = cause;
  }
  pthread_mutex_unlock(&lock);
  return fd;
}

int open(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return opened(path, flags, mode, REAL(open));
}

int open64(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return opened(path, flags, mode, REAL(open64));
}

int close(int fd) {
  if (fd >= 0 && fd < FILES) path_of[fd] = NULL;
  return REAL(close)(fd);
}

static ssize_t put(int fd, const void *bytes, size_t length, off_t from, int seeks) {
  char changed[1 << 17];
  ssize_t result = -1;
  pthread_mutex_lock(&lock);
  enum verdict verdict = count(1);
  if (verdict != FAIL) {
    off_t place = seeks ? from : lseek(fd, 0, SEEK_CUR);
    size_t now = length;
    const char *source = bytes;
    int ends = verdict == HERE && is("after");
    if (verdict == HERE && length > 1 && !ends && once()) {
      if (is("flip") && length <= sizeof changed) {
        memcpy(changed, bytes, length);
        changed[chance(length)] ^= (char)(1 << chance(8));
        source = changed;
      } else if (is("torn") || is("short")) {
        now = 1 + chance(length - 1);
        ends = is("torn");
      }
    }
    remember_content(fd, place, now);
    result = seeks ? REAL(pwrite64)(fd, source, now, from) : REAL(write)(fd, source, now);
    int cause = errno;
    if (ends) die();
    errno = cause;
  }
  pthread_mutex_unlock(&lock);
  return result;
}

ssize_t write(int fd, const void *bytes, size_t length) {
  return counted(fd) ? put(fd, bytes, length, 0, 0) : REAL(write)(fd, bytes, length);
}
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t from) {
  return counted(fd) ? put(fd, bytes, length, from, 1) : REAL(pwrite)(fd, bytes, length, from);
}
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t from) {
  return counted(fd) ? put(fd, bytes, length, from, 1) : REAL(pwrite64)(fd, bytes, length, from);
}

static int read_fails(int fd) {
  if (!counted(fd) || !is("eread")) return 0;
  pthread_mutex_lock(&lock);
  int fails = ++reads == at;
  pthread_mutex_unlock(&lock);
  if (fails) errno = EIO;
  return fails;
}
ssize_t pread64(int fd, void *bytes, size_t length, off64_t from) {
  return read_fails(fd) ? -1 : REAL(pread64)(fd, bytes, length, from);
}
ssize_t pread(int fd, void *bytes, size_t length, off_t from) {
  return read_fails(fd) ? -1 : REAL(pread)(fd, bytes, length, from);
}
ssize_t read(int fd, void *bytes, size_t length) {
  return read_fails(fd) ? -1 : REAL(read)(fd, bytes, length);
}

#define COUNTED_CALL(needs_space, prepare, effect)  \
  int result = -1;                                  \
  pthread_mutex_lock(&lock);                        \
  enum verdict verdict = count(needs_space);        \
  if (verdict != FAIL) {                            \
    prepare;                                        \
    result = effect;                                \
    int cause = errno;                              \
    if (verdict == HERE && is("after")) die();      \
    errno = cause;                                  \
  }                                                 \
  pthread_mutex_unlock(&lock);                      \
  return result;

static int sync_with(int fd, int (*call)(int)) {
  COUNTED_CALL(0, , ({
    int ended = call(fd);
    if (ended == 0) synced(fd);
    ended;
  }))
}
int fsync(int fd) { return counted(fd) ? sync_with(fd, REAL(fsync)) : REAL(fsync)(fd); }
int fdatasync(int fd) { return counted(fd) ? sync_with(fd, REAL(fdatasync)) : REAL(fdatasync)(fd); }

static int cut(int fd, off_t size) {
  struct stat found;
  off_t old = fstat(fd, &found) == 0 ? found.st_size : 0;
  COUNTED_CALL(size > old, remember_content(fd, size < old ? size : old, (size_t)(size < old ? old - size : 0)),
               REAL(ftruncate64)(fd, size))
}
int ftruncate(int fd, off_t size) { return counted(fd) ? cut(fd, size) : REAL(ftruncate)(fd, size); }
int ftruncate64(int fd, off64_t size) { return counted(fd) ? cut(fd, size) : REAL(ftruncate64)(fd, size); }

static int counted_path(const char *path) { return directory != NULL && strstr(path, directory) != NULL; }

static void remember_name(const char *path) {
  static int number;
  char aside[PATH_MAX];
  if (!is("power") || access(path, F_OK) != 0) return;
  snprintf(aside, sizeof aside, "%s.undo-%d", path, ++number);
  if (link(path, aside) == 0) remember(UNLINKED, path, parent_of(path))->aside = strdup(aside);
}

static int unlink_counted(const char *path) {
  COUNTED_CALL(0, remember_name(path), REAL(unlink)(path))
}
int unlink(const char *path) { return counted_path(path) ? unlink_counted(path) : REAL(unlink)(path); }

static int rename_counted(const char *from, const char *to) {
  COUNTED_CALL(0, if (is("power")) {
    remember_name(to);
    remember(RENAMED, to, parent_of(to))->aside = strdup(from);
  }, REAL(rename)(from, to))
}
int rename(const char *from, const char *to) {
  return counted_path(to) ? rename_counted(from, to) : REAL(rename)(from, to);
}
