// What C programs do with WASI, by the first argument. Each line that is printed is a fact; none is about time or chance.

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static void say(const char *what, long answer)
{
    if (answer < 0)
        printf("%s: %s\n", what, strerror(errno));
    else
        printf("%s: %ld\n", what, answer);
}

#define SAY(call) say(#call, (long)(call))

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void list(const char *path)
{
    struct dirent **entries;
    int count = scandir(path, &entries, NULL, by_name);
    printf("%s:", path);
    for (int i = 0; i < count; i++)
        if (entries[i]->d_name[0] != '.')
            printf(" %s (%d)", entries[i]->d_name, entries[i]->d_type);
    printf(count < 0 ? " %s\n" : "\n", strerror(errno));
}

static void print_file(const char *path)
{
    char text[100] = "";
    int file = open(path, O_RDONLY);
    if (file < 0) {
        say(path, file);
        return;
    }
    long size = read(file, text, sizeof text - 1);
    printf("%s: %ld bytes, %s\n", path, size, text);
    close(file);
}

static int files(void)
{
    struct stat status;
    char text[100] = "";

    list("/data");
    print_file("/data/given");
    SAY(mkdir("/data/new", 0777));
    SAY(mkdir("/data/new", 0777));
    int file = open("/data/new/file", O_RDWR | O_CREAT | O_EXCL, 0666);
    SAY(file >= 0);
    SAY(write(file, "0123456789", 10));
    SAY(lseek(file, 3, SEEK_SET));
    SAY(read(file, text, 4));
    printf("read: %s\n", text);
    SAY(pwrite(file, "ab", 2, 12));
    SAY(pread(file, text, 50, 8));
    SAY(lseek(file, 0, SEEK_CUR));
    SAY(lseek(file, -2, SEEK_END));
    SAY(ftruncate(file, 5));
    SAY(fstat(file, &status));
    printf("size %lld, regular %d\n", (long long)status.st_size, S_ISREG(status.st_mode));
    SAY(fsync(file));
    SAY(fdatasync(file));
    struct timespec times[2] = {{1000, 5}, {2000, 6}};
    SAY(futimens(file, times));
    SAY(fstat(file, &status));
    printf("modified %lld.%ld\n", (long long)status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
    SAY(close(file));
    file = open("/data/new/file", O_WRONLY | O_APPEND);
    SAY(write(file, "!", 1));
    SAY(read(file, text, 1));
    SAY(close(file));
    print_file("/data/new/file");
    SAY(open("/data/new/file", O_WRONLY | O_CREAT | O_EXCL, 0666));
    SAY(rename("/data/new/file", "/data/moved"));
    SAY(link("/data/moved", "/data/new/hard"));
    SAY(symlink("../moved", "/data/new/soft"));
    SAY(readlink("/data/new/soft", text, sizeof text));
    print_file("/data/new/soft");
    SAY(lstat("/data/new/soft", &status));
    printf("link %d\n", S_ISLNK(status.st_mode));
    SAY(open("/data/new/soft", O_RDONLY | O_NOFOLLOW));
    SAY(stat("/data/moved", &status));
    printf("links %d\n", (int)status.st_nlink);
    list("/data/new");
    SAY(rmdir("/data/new"));
    SAY(unlink("/data/new"));
    SAY(unlink("/data/new/hard"));
    SAY(unlink("/data/new/soft"));
    SAY(rmdir("/data/new"));
    SAY(rmdir("/data/moved"));
    SAY(unlink("/data/moved"));
    SAY(unlink("/data/moved"));
    SAY(open("/data/missing/file", O_RDONLY));
    SAY(open("/data/given/file", O_RDONLY));
    SAY(open("/data", O_WRONLY));
    SAY(access("/data/given", R_OK));
    list("/data/given");
    list("/data");
    FILE *stream = fopen("/data/lines", "w+");
    for (int i = 0; i < 2000; i++)
        fprintf(stream, "line %d\n", i);
    rewind(stream);
    int lines = 0;
    while (fgets(text, sizeof text, stream))
        lines++;
    printf("%d lines, the last is %s", lines, text);
    fclose(stream);
    return unlink("/data/lines");
}

static int escapes(void)
{
    print_file("/data/../outside/secret");
    print_file("/data/out");
    print_file("/data/absolute");
    print_file("/data/around/secret");
    print_file("/etc/passwd");
    print_file("/data/loop");
    SAY(symlink("/etc/passwd", "/data/new"));
    SAY(rename("/data/given", "/data/../outside/given"));
    SAY(mkdir("/data/around/new", 0777));
    SAY(open("/data/out", O_WRONLY | O_TRUNC));
    return 0;
}

static int read_only(void)
{
    print_file("/data/given");
    list("/data");
    return open("/data/given", O_WRONLY) >= 0 || open("/data/new", O_WRONLY | O_CREAT, 0666) >= 0
        || mkdir("/data/new", 0777) == 0 || unlink("/data/given") == 0 || rename("/data/given", "/data/x") == 0;
}

static int clocks(void)
{
    struct timespec start, end, rest = {0, 20000000};
    clock_gettime(CLOCK_MONOTONIC, &start);
    nanosleep(&rest, NULL);
    clock_gettime(CLOCK_MONOTONIC, &end);
    long long passed = (end.tv_sec - start.tv_sec) * 1000000000LL + end.tv_nsec - start.tv_nsec;
    printf("20 ms have passed: %d, and no 20 s: %d\n", passed >= 20000000, passed < 20000000000LL);
    clock_getres(CLOCK_MONOTONIC, &rest);
    printf("the clock has steps of less than 2 ms: %d\n", rest.tv_sec == 0 && rest.tv_nsec < 2000000);
    fflush(stdout);
    printf("it is after 2020: %d\n", time(NULL) > 1577836800);
    return 0;
}

static int environment(int count, char **arguments)
{
    for (int i = 1; i < count; i++)
        printf("argument %s\n", arguments[i]);
    for (char **one = environ; *one; one++)
        printf("variable %s\n", *one);
    printf("HOME is %s\n", getenv("HOME") ? getenv("HOME") : "not there");
    return 0;
}

static int chance(void)
{
    unsigned char a[256], b[256];
    SAY(getentropy(a, sizeof a));
    SAY(getentropy(b, sizeof b));
    printf("they differ: %d\n", memcmp(a, b, sizeof a) != 0);
    return 0;
}

static int stdio(void)
{
    char text[10];
    printf("read %ld, terminals %d %d %d\n", (long)read(0, text, sizeof text), isatty(0), isatty(1), isatty(2));
    fprintf(stderr, "to stderr\n");
    for (int i = 0; i < 3000; i++)
        printf("line %d\n", i);
    fflush(stdout);
    exit(3);
}

// For measuring: `write N`, `read N`, `clock N`, `nothing N` do one thing N times.
static int often(const char *what, int count)
{
    char block[4096] = "";
    struct timespec now;
    int file = -1;
    if (!strcmp(what, "read")) file = open("/data/given", O_RDONLY);
    for (int i = 0; i < count; i++) {
        if (!strcmp(what, "write")) write(1, block, 80);
        else if (!strcmp(what, "write-block")) write(1, block, sizeof block);
        else if (!strcmp(what, "read")) pread(file, block, sizeof block, 0);
        else if (!strcmp(what, "open")) close(open("/data/given", O_RDONLY));
        else if (!strcmp(what, "clock")) clock_gettime(CLOCK_MONOTONIC, &now);
        else if (!strcmp(what, "random")) getentropy(block, 16);
    }
    return 0;
}

int main(int count, char **arguments)
{
    const char *what = count > 1 ? arguments[1] : "";
    if (!strcmp(what, "files")) return files();
    if (!strcmp(what, "escapes")) return escapes();
    if (!strcmp(what, "read-only")) return read_only();
    if (!strcmp(what, "clocks")) return clocks();
    if (!strcmp(what, "environment")) return environment(count, arguments);
    if (!strcmp(what, "random")) return chance();
    if (!strcmp(what, "stdio")) return stdio();
    if (!strcmp(what, "sleep")) return sleep(1000);
    if (!strcmp(what, "often") && count > 3) return often(arguments[2], atoi(arguments[3]));
    return 100;
}
