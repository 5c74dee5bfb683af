/** Makes a task's id of what it is: two branches that add a task each do not meet in one number. */

const digits = '0123456789abcdefghjkmnpqrstvwxyz';
const length = 7;

/** `seed`: of this task only, with a bit of chance. `sha256` answers in hexadecimal digits. */
export function mintTaskId(
  seed: string,
  sha256: (text: string) => string,
  isTaken: (id: string) => boolean,
  prefix = 't-',
): string {
  for (let tries = 0; ; tries += 1) {
    const hash = sha256(`${seed}\0${tries}`);
    let id = prefix;
    // Five bits for each digit, from a byte of its own.
    for (let at = 0; at < length; at += 1)
      id += digits.charAt(Number.parseInt(hash.slice(2 * at, 2 * at + 2), 16) % digits.length);
    if (!isTaken(id)) return id;
  }
}
