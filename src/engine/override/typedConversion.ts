import type { JsonObject } from '../types.ts';

export function typedConversionError(_object: JsonObject, _kind: string): string | undefined {
  return undefined;
}
