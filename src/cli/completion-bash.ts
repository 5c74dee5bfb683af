/** Completion for bash. */
import type { Command } from './command.ts';

export function writeBash(all: readonly Command[]): string {
  const names = all.map((it) => it.name);
  return `# clew completion for bash; source it
_clew() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]}
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${[...names, 'help', '--help', '--version'].join(' ')}' -- "$word"))
    return
  fi
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
      const words = typeof offers === 'object' ? `-W '${offers.join(' ')}'` : undefined;
      const kind = words ?? (offers === 'folders' ? '-d' : '-f');
      const reply =
        offers === undefined ? '' : ` mapfile -t COMPREPLY < <(compgen ${kind} -- "$word");`;
      const letter = short === undefined ? '' : `|${name}:-${short}`;
      return `    ${name}:--${option}${letter})${reply} return ;;`;
    });
}

function writeCommand({ name, options, choices = [] }: Command): string {
  const words = [...choices, ...options.map((it) => `--${it.name}`), '--help'];
  return `    ${name}) COMPREPLY=($(compgen -W '${words.join(' ')}' -- "$word")) ;;`;
}
