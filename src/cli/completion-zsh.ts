/** Completion for zsh. */
import type { Command, Option } from './command.ts';

export function writeZsh(all: readonly Command[]): string {
  const described = all.map((it) => `    ${quote(`${it.name}:${it.summary}`)}`);
  return `#compdef clew
# clew completion for zsh; source it after compinit
_clew_ids() {
  local -a found
  found=(\${(f)"$(clew completion $1 2>/dev/null)"})
  compadd -a found
}
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

function writeCommand({ name, options, choices, offers, behind }: Command): string {
  const first = choices === undefined ? [] : [quote(`1:word:(${choices.join(' ')})`)];
  const others = offers ?? (behind === undefined ? undefined : 'files');
  const rest = others === undefined ? [] : [quote(`*:word:${offer(others)}`)];
  const words = [...first, ...rest];
  const all = [...options.map(writeOption), quote('--help[show help]'), ...words];
  return `    ${name}) _arguments ${all.join(' ')} ;;`;
}

function writeOption({ name, short, value, repeats, about, offers }: Option): string {
  const said = about.replace(/[[\]:]/g, '\\$&');
  const takes = value === undefined ? '' : `:${value}:${offers === undefined ? '' : offer(offers)}`;
  const names = short === undefined ? [`--${name}`] : [`-${short}`, `--${name}`];
  // Of two names for one thing only one is offered, unless it may be given again.
  const excludes = names.length === 1 ? '' : `(${names.join(' ')})`;
  const before = repeats === true ? '*' : excludes;
  return names.map((it) => quote(`${before}${it}[${said}]${takes}`)).join(' ');
}

function offer(offers: NonNullable<Option['offers']>): string {
  if (typeof offers === 'object') return `(${offers.join(' ')})`;
  if (offers === 'files') return '_files';
  return offers === 'folders' ? '_files -/' : `_clew_ids ${offers}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
