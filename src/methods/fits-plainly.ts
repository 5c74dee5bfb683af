/** Tells at a glance that a value fits a plain schema, so that the validator need not be loaded for it. */
import { isShape } from '../journal/json.ts';

type Schema = Readonly<Record<string, unknown>>;
type Rule = (wanted: unknown, value: unknown, schema: Schema) => boolean;

const types: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: isShape,
  string: (it) => typeof it === 'string',
  boolean: (it) => typeof it === 'boolean',
  number: (it) => typeof it === 'number' && Number.isFinite(it),
  integer: Number.isInteger,
};

const rules: Readonly<Record<string, Rule>> = {
  description: () => true,
  type: (wanted, value) => typeof wanted === 'string' && types[wanted]?.(value) === true,
  minimum: (wanted, value) => Number(value) >= Number(wanted),
  maximum: (wanted, value) => Number(value) <= Number(wanted),
  minLength: (wanted, value) => wanted === 1 && value !== '',
  required: (wanted, value) =>
    isShape(value) && (wanted as string[]).every((it) => Object.hasOwn(value, it)),
  properties: (wanted, value) =>
    isShape(value) &&
    Object.entries(wanted as Record<string, Schema>).every(
      ([name, schema]) => !Object.hasOwn(value, name) || fitsPlainly(schema, value[name]),
    ),
  additionalProperties: (wanted, value, { properties }) =>
    wanted === false &&
    isShape(value) &&
    isShape(properties) &&
    Object.keys(value).every((it) => Object.hasOwn(properties, it)),
};

/** False also where it cannot tell: then the validator says so, or says why not. */
export function fitsPlainly(schema: Schema, value: unknown): boolean {
  return Object.entries(schema).every(([name, wanted]) => {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    return rule?.(wanted, value, schema) === true;
  });
}
