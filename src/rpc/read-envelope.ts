/** What a request says beside its method's own parameters: which workspace it is about, and whether it wants to hear how it gets on. */
import { Failure } from '../errors.ts';

export type Envelope = {
  readonly workspace: string | undefined;
  readonly token: string | number | undefined;
  readonly own: Readonly<Record<string, unknown>>;
};

export function readEnvelope(method: string, params: unknown = {}): Envelope {
  if (typeof params !== 'object' || params === null || Array.isArray(params))
    throw new Failure('invalid-params', `${method} takes parameters by name, in an object`, {
      data: { method, field: '' },
      hint: `schemas/rpc/${method}.json says what it takes`,
    });
  const { workspace, workDoneToken: token, ...own } = params as Record<string, unknown>;
  if (workspace !== undefined && typeof workspace !== 'string')
    throw misnamed(method, 'workspace', 'the handle that workspace/open answered');
  if (token !== undefined && typeof token !== 'string' && typeof token !== 'number')
    throw misnamed(method, 'workDoneToken', 'a string or a number');
  return { workspace, token, own };
}

function misnamed(method: string, field: string, wanted: string): Failure {
  return new Failure('invalid-params', `${field} must be ${wanted}`, {
    data: { method, field },
    hint: 'the OpenRPC document says what each request may have: rpc.discover',
  });
}
