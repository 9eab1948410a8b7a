import { goQuote } from '../override/goNumber.ts';
import type { JsonValue } from '../types.ts';
import { goStructJson } from './goEncode.ts';
import type { GoType } from './goTypes.ts';

/** One violation, as `field.Error` of k8s.io/apimachinery. */
export interface FieldError {
  readonly type: 'Invalid' | 'Required' | 'NotSupported' | 'TooLong';
  /** Where, in Kubernetes spelling: `spec.placement.spreadConstraints[0]`. */
  readonly field: string;
  /** Why, without field and value. */
  readonly detail: string;
  /** The whole sentence: field, the offending value, and why. */
  readonly message: string;
}

/** A value that breaks a rule; `printed` is the value as Go prints it. */
export function invalid(field: string, printed: string, detail: string): FieldError {
  const message = `${field}: Invalid value: ${printed}: ${detail}`;
  return { type: 'Invalid', field, detail, message };
}

/** A string that breaks a rule. */
export function invalidText(field: string, value: string, detail: string): FieldError {
  return invalid(field, goQuote(value), detail);
}

/** A struct or list that breaks a rule. */
export function invalidValue(
  field: string,
  type: GoType,
  value: JsonValue | undefined,
  detail: string,
): FieldError {
  return invalid(field, goStructJson(type, value), detail);
}

/** A missing member. */
export function requiredValue(field: string, detail: string): FieldError {
  return { type: 'Required', field, detail, message: `${field}: Required value: ${detail}` };
}

/** A value outside a fixed list. */
export function notSupported(
  field: string,
  value: string,
  supported: readonly string[],
): FieldError {
  const detail = `supported values: ${supported.map(goQuote).join(', ')}`;
  const message = `${field}: Unsupported value: ${goQuote(value)}: ${detail}`;
  return { type: 'NotSupported', field, detail, message };
}

/** A value of too many bytes. */
export function tooLong(field: string, limit: number): FieldError {
  const detail = `may not be more than ${limit} bytes`;
  return { type: 'TooLong', field, detail, message: `${field}: Too long: ${detail}` };
}

/** All violations in one text: duplicates once, several in brackets (`ErrorList.ToAggregate`). */
export function aggregate(errors: readonly FieldError[]): string {
  const messages = [...new Set(errors.map((error) => error.message))];
  return messages.length === 1 ? (messages[0] ?? '') : `[${messages.join(', ')}]`;
}
