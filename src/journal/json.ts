/** Careful reading of JSON that nobody has checked: every answer is of the type asked for, or undefined. */

export type Shape = Readonly<Record<string, unknown>>;

const nothing: Shape = Object.freeze({});

/** Undefined of what is no JSON: cut short, or written by somebody else. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Undefined also of what is no object. */
export function readShape(text: string): Shape | undefined {
  const value = readJson(text);
  return isShape(value) ? value : undefined;
}

export function isShape(value: unknown): value is Shape {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object, or an empty one, so that a chain of fields can be followed without asking at each. */
export function shapeOf(value: unknown): Shape {
  return isShape(value) ? value : nothing;
}

export function shapesOf(value: unknown): readonly Shape[] {
  return Array.isArray(value) ? value.filter(isShape) : [];
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
