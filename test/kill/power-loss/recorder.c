/*
 * A layer between a program and the C library (LD_PRELOAD) that records every change of the files
 * below a directory, and every sync. From the record, a test computes what a disk could hold after
 * a loss of power. Settings are environment variables:
 *
 *   RECORD_ROOT    the directory, as a path without links
 *   RECORD_LOG     the file of the record; it is not below the directory
 *   RECORD_KILL    the number of the record at which the process gets SIGKILL; 0: never
 *   RECORD_IGNORE  `files` or `directories`: their syncs are not recorded, as on a disk that lies
 *
 * Syncs do not reach the disk. They only take some time, so that calls of other threads come
 * between.
 *
 * A record is a header of 32 bytes in the order of bytes of the machine, then a path or the
 * written bytes, then a second path:
 *
 *   kind (u64), two numbers (u64), two lengths (u32)
 *
 *   1 file created    inode        path
 *   2 directory made  inode        path
 *   3 bytes written   inode, from  bytes
 *   4 file resized    inode, size
 *   5 renamed                      path, new path
 *   6 linked                       path, new path
 *   7 removed                      path
 *   8 sync began      number, inode
 *   9 sync ended      number
 *
 * The bytes that go through streams of the C library (the file LOG of RocksDB) are not recorded.
 * Calls that copy between files in the kernel fail as unsupported, and the callers then read and
 * write.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define FILES 65536
#define SYNC_US_MAX 1500

enum { CREATED = 1, MADE, WRITTEN, RESIZED, RENAMED, LINKED, REMOVED, SYNC_BEGAN, SYNC_ENDED };

struct header {
  uint64_t kind, first, second;
  uint32_t length, length2;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char root[PATH_MAX];
static size_t root_length;
static int record_file = -1;
static uint64_t records, kill_at, syncs;
static int ignores_files, ignores_directories;
/* The inode of each descriptor below the directory; 0: another descriptor. */
static ino_t inode_of[FILES];
static dev_t device;

#define REAL(name)                                                       \
  ({                                                                     \
    static __typeof__(&name) found;                                      \
    if (found == NULL) found = (__typeof__(&name))dlsym(RTLD_NEXT, #name); \
    if (found == NULL) abort();                                          \
    found;                                                               \
  })

__attribute__((constructor)) static void begin(void) {
  const char *text = getenv("RECORD_ROOT"), *log = getenv("RECORD_LOG");
  if (text == NULL || log == NULL) return;
  snprintf(root, sizeof root, "%s", text);
  root_length = strlen(root);
  struct stat found;
  if (stat(root, &found) != 0) abort();
  device = found.st_dev;
  kill_at = (text = getenv("RECORD_KILL")) ? strtoull(text, NULL, 10) : 0;
  text = getenv("RECORD_IGNORE");
  ignores_files = text != NULL && strcmp(text, "files") == 0;
  ignores_directories = text != NULL && strcmp(text, "directories") == 0;
  record_file = REAL(open64)(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/* Appends a record. The lock is held. */
static void record(int kind, uint64_t first, uint64_t second, const void *bytes, size_t length, const char *path2) {
  struct header header = {(uint64_t)kind, first, second, (uint32_t)length, path2 ? (uint32_t)strlen(path2) : 0};
  struct iovec parts[3] = {
      {&header, sizeof header}, {(void *)bytes, length}, {(void *)path2, header.length2}};
  int cause = errno;
  if (REAL(writev)(record_file, parts, 3) != (ssize_t)(sizeof header + length + header.length2)) abort();
  errno = cause;
  if (++records == kill_at) {
    kill(getpid(), SIGKILL);
    pause();
  }
}

/* Writes the path without links to `whole`. Returns 0 if it is not below the directory. */
static int below(int at, const char *path, char whole[PATH_MAX]) {
  char joined[2 * PATH_MAX], parent[PATH_MAX], place[64];
  int cause = errno;
  if (record_file < 0 || path == NULL) return 0;
  if (path[0] == '/') {
    snprintf(joined, sizeof joined, "%s", path);
  } else {
    if (at == AT_FDCWD) {
      if (getcwd(parent, sizeof parent) == NULL) return 0;
    } else {
      snprintf(place, sizeof place, "/proc/self/fd/%d", at);
      ssize_t length = readlink(place, parent, sizeof parent - 1);
      if (length < 0) return 0;
      parent[length] = 0;
    }
    snprintf(joined, sizeof joined, "%s/%s", parent, path);
  }
  size_t end = strlen(joined);
  while (end > 1 && joined[end - 1] == '/') joined[--end] = 0;
  char *slash = strrchr(joined, '/');
  *slash = 0;
  int found = realpath(slash == joined ? "/" : joined, parent) != NULL;
  errno = cause;
  if (!found || strlen(parent) + strlen(slash + 1) + 2 > PATH_MAX) return 0;
  snprintf(whole, PATH_MAX, "%s/%s", strcmp(parent, "/") == 0 ? "" : parent, slash + 1);
  return strncmp(whole, root, root_length) == 0 && (whole[root_length] == '/' || whole[root_length] == 0);
}

static void record_path(int kind, uint64_t inode, const char *path) {
  record(kind, inode, 0, path, strlen(path), NULL);
}

static int inode_at(const char *path, struct stat *found) { return lstat(path, found) == 0; }

static int opened(int at, const char *path, int flags, mode_t mode) {
  char whole[PATH_MAX];
  if (!below(at, path, whole)) return REAL(openat)(at, path, flags, mode);
  pthread_mutex_lock(&lock);
  struct stat before, now;
  int existed = inode_at(whole, &before);
  int fd = REAL(openat)(at, path, flags, mode);
  int cause = errno;
  if (fd >= FILES) abort();
  if (fd >= 0 && fstat(fd, &now) == 0) {
    inode_of[fd] = now.st_ino;
    if (!existed) record_path(CREATED, now.st_ino, whole);
    else if ((flags & O_TRUNC) && before.st_size > 0) record(RESIZED, now.st_ino, 0, NULL, 0, NULL);
  }
  errno = cause;
  pthread_mutex_unlock(&lock);
  return fd;
}

#define MODE_OF(flags)                                    \
  ({                                                      \
    va_list rest;                                         \
    va_start(rest, flags);                                \
    mode_t mode = (flags) & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0; \
    va_end(rest);                                         \
    mode;                                                 \
  })
int open(const char *path, int flags, ...) { return opened(AT_FDCWD, path, flags, MODE_OF(flags)); }
int open64(const char *path, int flags, ...) { return opened(AT_FDCWD, path, flags | O_LARGEFILE, MODE_OF(flags)); }
int openat(int at, const char *path, int flags, ...) { return opened(at, path, flags, MODE_OF(flags)); }
int openat64(int at, const char *path, int flags, ...) { return opened(at, path, flags, MODE_OF(flags)); }

int close(int fd) {
  if (fd >= 0 && fd < FILES) inode_of[fd] = 0;
  return REAL(close)(fd);
}

/* Returns the inode of a file that is recorded, or 0. Not every caller closes files by `close`. */
static ino_t recorded(int fd) {
  struct stat found;
  if (fd < 0 || fd >= FILES || inode_of[fd] == 0) return 0;
  int cause = errno;
  if (fstat(fd, &found) != 0 || found.st_dev != device || found.st_ino != inode_of[fd]) inode_of[fd] = 0;
  errno = cause;
  return inode_of[fd];
}

/* `from` < 0: at the position of the descriptor. */
static ssize_t put(int fd, const void *bytes, size_t length, off_t from) {
  ino_t inode = recorded(fd);
  if (inode == 0) return from < 0 ? REAL(write)(fd, bytes, length) : REAL(pwrite64)(fd, bytes, length, from);
  pthread_mutex_lock(&lock);
  ssize_t written = from < 0 ? REAL(write)(fd, bytes, length) : REAL(pwrite64)(fd, bytes, length, from);
  int cause = errno;
  if (written > 0) {
    off_t place = from < 0 ? lseek(fd, 0, SEEK_CUR) - written : from;
    record(WRITTEN, inode, (uint64_t)place, bytes, (size_t)written, NULL);
  }
  errno = cause;
  pthread_mutex_unlock(&lock);
  return written;
}
ssize_t write(int fd, const void *bytes, size_t length) { return put(fd, bytes, length, -1); }
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t from) { return put(fd, bytes, length, from); }
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t from) { return put(fd, bytes, length, from); }

static ssize_t put_parts(int fd, const struct iovec *parts, int count, off_t from) {
  ssize_t all = 0;
  for (int i = 0; i < count; i++) {
    ssize_t written = put(fd, parts[i].iov_base, parts[i].iov_len, from < 0 ? from : from + all);
    if (written < 0) return all > 0 ? all : written;
    all += written;
    if ((size_t)written < parts[i].iov_len) break;
  }
  return all;
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
  return recorded(fd) ? put_parts(fd, parts, count, -1) : REAL(writev)(fd, parts, count);
}
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t from) {
  return recorded(fd) ? put_parts(fd, parts, count, from) : REAL(pwritev)(fd, parts, count, from);
}
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t from) {
  return recorded(fd) ? put_parts(fd, parts, count, from) : REAL(pwritev64)(fd, parts, count, from);
}

static int resize(int fd, off_t size) {
  pthread_mutex_lock(&lock);
  int result = REAL(ftruncate64)(fd, size);
  if (result == 0) record(RESIZED, recorded(fd), (uint64_t)size, NULL, 0, NULL);
  pthread_mutex_unlock(&lock);
  return result;
}
int ftruncate(int fd, off_t size) { return recorded(fd) ? resize(fd, size) : REAL(ftruncate)(fd, size); }
int ftruncate64(int fd, off64_t size) { return recorded(fd) ? resize(fd, size) : REAL(ftruncate64)(fd, size); }
int truncate(const char *path, off_t size) {
  int fd = open(path, O_WRONLY);
  if (fd < 0) return -1;
  int result = ftruncate(fd, size);
  close(fd);
  return result;
}

static int sync_of(int fd, int (*call)(int)) {
  ino_t inode = recorded(fd);
  if (inode == 0) return call(fd);
  struct stat found;
  if (fstat(fd, &found) != 0) return -1;
  if (S_ISDIR(found.st_mode) ? ignores_directories : ignores_files) return 0;
  static unsigned int state = 1;
  pthread_mutex_lock(&lock);
  uint64_t number = ++syncs;
  useconds_t pause_us = (useconds_t)(rand_r(&state) % SYNC_US_MAX);
  record(SYNC_BEGAN, number, inode, NULL, 0, NULL);
  pthread_mutex_unlock(&lock);
  usleep(pause_us);
  pthread_mutex_lock(&lock);
  record(SYNC_ENDED, number, 0, NULL, 0, NULL);
  pthread_mutex_unlock(&lock);
  return 0;
}
int fsync(int fd) { return sync_of(fd, REAL(fsync)); }
int fdatasync(int fd) { return sync_of(fd, REAL(fdatasync)); }

/* Calls `effect` under the lock, and records it if it succeeds. */
#define RECORDED(effect, what)          \
  pthread_mutex_lock(&lock);            \
  int result = effect;                  \
  int cause = errno;                    \
  if (result == 0) what;                \
  errno = cause;                        \
  pthread_mutex_unlock(&lock);          \
  return result

int rename(const char *from, const char *to) {
  char whole[PATH_MAX], whole2[PATH_MAX];
  if (!below(AT_FDCWD, from, whole) || !below(AT_FDCWD, to, whole2)) return REAL(rename)(from, to);
  RECORDED(REAL(rename)(from, to), record(RENAMED, 0, 0, whole, strlen(whole), whole2));
}
int link(const char *from, const char *to) {
  char whole[PATH_MAX], whole2[PATH_MAX];
  if (!below(AT_FDCWD, from, whole) || !below(AT_FDCWD, to, whole2)) return REAL(link)(from, to);
  RECORDED(REAL(link)(from, to), record(LINKED, 0, 0, whole, strlen(whole), whole2));
}
int unlinkat(int at, const char *path, int flags) {
  char whole[PATH_MAX];
  if (!below(at, path, whole)) return REAL(unlinkat)(at, path, flags);
  RECORDED(REAL(unlinkat)(at, path, flags), record_path(REMOVED, 0, whole));
}
int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }
int remove(const char *path) {
  struct stat found;
  if (lstat(path, &found) != 0) return -1;
  return unlinkat(AT_FDCWD, path, S_ISDIR(found.st_mode) ? AT_REMOVEDIR : 0);
}
int mkdir(const char *path, mode_t mode) {
  char whole[PATH_MAX];
  struct stat made;
  if (!below(AT_FDCWD, path, whole)) return REAL(mkdir)(path, mode);
  RECORDED(REAL(mkdir)(path, mode),
           if (inode_at(whole, &made)) record_path(MADE, made.st_ino, whole));
}

static ssize_t unsupported(int cause) {
  errno = cause;
  return -1;
}
ssize_t sendfile(int to, int from, off_t *place, size_t length) {
  return recorded(to) ? unsupported(EINVAL) : REAL(sendfile)(to, from, place, length);
}
ssize_t sendfile64(int to, int from, off64_t *place, size_t length) {
  return recorded(to) ? unsupported(EINVAL) : REAL(sendfile64)(to, from, place, length);
}
int fallocate(int fd, int mode, off_t from, off_t length) {
  return recorded(fd) ? (int)unsupported(EOPNOTSUPP) : REAL(fallocate)(fd, mode, from, length);
}
long syscall(long number, ...) {
  va_list rest;
  long a[6];
  va_start(rest, number);
  for (int i = 0; i < 6; i++) a[i] = va_arg(rest, long);
  va_end(rest);
  if (number == SYS_copy_file_range && recorded((int)a[2])) return unsupported(ENOSYS);
  return REAL(syscall)(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
