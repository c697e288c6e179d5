import { NEEDS_OF_COMMANDS } from '../src/cli/process-limits.ts';

/**
 * Half of V8's young generation in the service, in megabytes. Without a limit, that of the main
 * thread grows to 134 MB within an hour of HTTP requests. The threads of the jobs have this limit
 * too. `run` has no limit, because jobs run in its main thread.
 */
const SERVICE_SEMI_SPACE_MB = 8;

/**
 * The first two lines of the built program. A shell runs them, checks the limits without which Node
 * crashes before it runs any code, and starts Node with the same file. To Node, the first line is a
 * hashbang, and the second is a text and a comment. The shell starts no other process, which would
 * cost several milliseconds.
 */
export const LAUNCHER = `#!/bin/sh
':' //; ${[
  `need() { case $1 in *[!0-9]*) ;; *) [ "$1" -ge "$2" ] || { echo "error[CONFIG_PROCESS_LIMIT]: the limit of $3 is $1, but at least $2 is needed; raise it" >&2; exit 2; };; esac; }`,
  `[ -r /proc/self/limits ] && while read -r a b c soft hard _; do case "$a $b $c" in ${[
    `'Max open files') need "$hard" ${NEEDS_OF_COMMANDS.files} 'file descriptors (ulimit -n)'`,
    `'Max address space') need "$soft" ${Math.floor(NEEDS_OF_COMMANDS.addressBytes)} 'virtual memory in bytes (ulimit -v)'`,
  ].join(';; ')};; esac; done < /proc/self/limits`,
  `case \${1-} in serve) exec node --max-semi-space-size=${SERVICE_SEMI_SPACE_MB} "$0" "$@";; esac`,
  `exec node "$0" "$@"`,
].join('; ')}
`;

/** Replaces the hashbang of the program by the launcher. */
export function withLauncher(program: string): string {
  return program.replace(/^#!.*\n/, () => LAUNCHER);
}

/** Moves the positions of a source map by the line that the launcher adds. */
export function withLauncherLine(map: string): string {
  return map.replace('"mappings": "', '"mappings": ";');
}
