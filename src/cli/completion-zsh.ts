/** Completion for zsh. */
import type { Command, Option } from './command.ts';

export function writeZsh(all: readonly Command[]): string {
  const described = all.map((it) => `    ${quote(`${it.name}:${it.summary}`)}`);
  return `#compdef clew
# clew completion for zsh; source it after compinit
_clew() {
  local -a commands
  commands=(
${described.join('\n')}
    'help:show the help of a command'
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    _arguments '--help[show help]' '--version[show the version]'
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${all.map(writeCommand).join('\n')}
    help) _describe command commands ;;
  esac
}
compdef _clew clew
`;
}

function writeCommand({ name, options, choices }: Command): string {
  const words = choices === undefined ? [] : [quote(`1:word:(${choices.join(' ')})`)];
  const all = [...options.map(writeOption), quote('--help[show help]'), ...words];
  return `    ${name}) _arguments ${all.join(' ')} ;;`;
}

function writeOption({ name, short, value, repeats, about, offers }: Option): string {
  const said = about.replace(/[[\]:]/g, '\\$&');
  const action = { none: '', files: '_files', folders: '_files -/' } as const;
  const offer = typeof offers === 'object' ? `(${offers.join(' ')})` : action[offers ?? 'none'];
  const takes = value === undefined ? '' : `:${value}:${offer}`;
  const names = short === undefined ? [`--${name}`] : [`-${short}`, `--${name}`];
  // Of two names for one thing only one is offered, unless it may be given again.
  const excludes = names.length === 1 ? '' : `(${names.join(' ')})`;
  const before = repeats === true ? '*' : excludes;
  return names.map((it) => quote(`${before}${it}[${said}]${takes}`)).join(' ');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
