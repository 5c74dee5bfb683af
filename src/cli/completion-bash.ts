/** Completion for bash. */
import type { Command, IdKind, Option } from './command.ts';

export function writeBash(all: readonly Command[]): string {
  const names = all.map((it) => it.name);
  return `# clew completion for bash; source it
_clew_files() {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen -f -- "$1")
}
_clew() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]}
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${[...names, 'help', '--help', '--version'].join(' ')}' -- "$word"))
    return
  fi
  local at
  for ((at = 2; at < COMP_CWORD; at++)); do
    if [ "\${COMP_WORDS[at]}" = -- ]; then
      case "$command:$((COMP_CWORD - at))" in
        ${programs(all)}) mapfile -t COMPREPLY < <(compgen -c -- "$word") ;;
        *) _clew_files "$word" ;;
      esac
      return
    fi
  done
  case "$command:$before" in
${all.flatMap(writeValues).join('\n')}
  esac
  case "$command" in
${all.map(writeCommand).join('\n')}
    help) COMPREPLY=($(compgen -W '${[...names, 'rpc'].join(' ')}' -- "$word")) ;;
  esac
}
complete -F _clew clew
`;
}

function writeValues({ name, options }: Command): string[] {
  return options
    .filter((it) => it.value !== undefined)
    .map(({ name: option, short, offers }) => {
      const reply = offers === undefined ? '' : ` ${replyWith(offers)};`;
      const letter = short === undefined ? '' : `|${name}:-${short}`;
      return `    ${name}:--${option}${letter})${reply} return ;;`;
    });
}

function replyWith(offers: NonNullable<Option['offers']>): string {
  if (offers === 'files') return '_clew_files "$word"';
  if (offers === 'folders')
    return 'compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$word")';
  const words = typeof offers === 'object' ? `'${offers.join(' ')}'` : `"${askFor(offers)}"`;
  return `mapfile -t COMPREPLY < <(compgen -W ${words} -- "$word")`;
}

const askFor = (kind: IdKind) => `$(clew completion ${kind} 2>/dev/null)`;

/** Options only where one is begun, or nothing else is offered. */
function writeCommand({ name, options, choices = [], offers }: Command): string {
  const flags = [...options.map((it) => `--${it.name}`), '--help'].join(' ');
  const reply = (words: string) => `COMPREPLY=($(compgen -W ${words} -- "$word"))`;
  if (offers === undefined) return `    ${name}) ${reply(`'${[...choices, flags].join(' ')}'`)} ;;`;
  const other = offers === 'files' ? '_clew_files "$word"' : reply(`"${askFor(offers)}"`);
  return `    ${name}) case "$word" in -*) ${reply(`'${flags}'`)} ;; *) ${other} ;; esac ;;`;
}

/** The first word behind `--`. */
function programs(all: readonly Command[]): string {
  return all
    .filter(({ behind }) => behind === 'program')
    .map(({ name }) => `${name}:1`)
    .join('|');
}
