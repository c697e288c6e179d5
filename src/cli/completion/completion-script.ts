import type { Command, Option } from 'commander';

export type Shell = 'bash' | 'zsh' | 'fish';

/** A command and its path, such as `savepoint take`. The path of the program itself is empty. */
interface Place {
  readonly path: string;
  readonly commands: readonly Command[];
  readonly options: readonly Option[];
}

/** Returns a script that completes commands and options of the program, and names of files. */
export function completionScript(program: Command, shell: Shell): string {
  const places = placesOf(program, '');
  const name = program.name();
  if (shell === 'fish') return fishScript(name, places);
  const bash = bashScript(name, places);
  // zsh can run the completion function of bash.
  return shell === 'bash' ? bash : `#compdef ${name}\nautoload -U +X bashcompinit && bashcompinit\n${bash}`;
}

function placesOf(command: Command, path: string): Place[] {
  const place: Place = { path, commands: command.commands, options: command.options.filter(({ hidden }) => !hidden) };
  return [place, ...command.commands.flatMap((inner) => placesOf(inner, `${path} ${inner.name()}`.trim()))];
}

const flagsOf = ({ options }: Place): string[] => [...options.flatMap(({ long }) => long ?? []), '--help'];

function bashScript(name: string, places: readonly Place[]): string {
  const inner = places.filter(({ path }) => path !== '').map(({ path }) => path);
  // Only a command without further commands has arguments, which may be names of files.
  const leaves = places.filter(({ commands }) => commands.length === 0).map(({ path }) => path);
  const cases = places.map((place) => {
    const names = place.commands.map((command) => command.name());
    return `    '${place.path}') words='${[...names, ...flagsOf(place)].join(' ')}' ;;`;
  });
  return `_${name}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" place='' words='' word i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${place:+$place }\${COMP_WORDS[i]}"
    case "$word" in
      ${inner.map((path) => `'${path}'`).join('|')}) place="$word" ;;
    esac
  done
  case "$place" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [[ "$current" != -* ]]; then
    case "$place" in
      ${leaves.map((path) => `'${path}'`).join('|')}) COMPREPLY=($(compgen -f -- "$current")) ;;
    esac
  fi
}
complete -o filenames -F _${name} ${name}
`;
}

function fishScript(name: string, places: readonly Place[]): string {
  const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const lines = places.flatMap(({ path, commands, options }) => {
    const seen =
      path === ''
        ? '__fish_use_subcommand'
        : path
            .split(' ')
            .map((word) => `__fish_seen_subcommand_from ${word}`)
            .join('; and ');
    const others = commands.map((command) => command.name()).join(' ');
    const waits =
      path === '' || commands.length === 0 ? seen : `${seen}; and not __fish_seen_subcommand_from ${others}`;
    return [
      ...commands.map(
        (command) =>
          `complete -c ${name} -f -n ${quote(waits)} -a ${command.name()} -d ${quote(command.description())}`,
      ),
      ...options.flatMap(({ long, description }) =>
        long == null ? [] : [`complete -c ${name} -n ${quote(seen)} -l ${long.slice(2)} -d ${quote(description)}`],
      ),
    ];
  });
  return `${lines.join('\n')}\n`;
}
