import { isArray, nearestName } from '../../../engine/index.ts';
import type { JsonObject, JsonValue, SchemaProblem } from '../../../engine/index.ts';
import { listClusters as listNames } from '../../previewText.ts';
import { valueAt } from './fieldPlace.ts';

const typeWords: { readonly [type: string]: string } = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'a mapping',
  array: 'a list',
  'date-time': 'a time such as 2026-01-31T08:00:00Z',
};

/** What is wrong with a field, in the user's terms where the server's are about itself. */
export function schemaSentence(problem: SchemaProblem, source: JsonObject): string {
  const { code, field, message, nearest, path, expected = [] } = problem;
  const value = valueAt(source, path);
  switch (code) {
    case 'unknown-field':
      return nearest === undefined
        ? `There is no field ${field}; the API server refuses the object.`
        : `There is no field ${field}; did you mean ${nearest}? The API server refuses the object.`;
    case 'missing-field':
      return `${field} is missing; the API server refuses the object without it.`;
    case 'wrong-type': {
      const words = expected.map(typeWord).join(' or ');
      return words === ''
        ? `${field}: ${message}`
        : `${field} must be ${words}, and this is ${describe(value)}; the API server refuses the object.`;
    }
    case 'invalid-value':
      return problem.reason === 'FieldValueNotSupported'
        ? `${field} cannot be ${describe(value)}; use ${choices(expected)}.`
        : `The API server refuses ${field}: ${withoutField(message, field)}`;
  }
}

function typeWord(type: JsonValue): string {
  return typeof type === 'string' ? (typeWords[type] ?? type) : '';
}

function describe(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return 'empty';
  if (isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'string') return value === '' ? 'an empty text' : `the text “${cut(value)}”`;
  return typeof value === 'boolean' ? `the truth value ${value}` : `the number ${value}`;
}

function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function choices(values: readonly JsonValue[]): string {
  return listNames(values.map(String)).replace(/ and (?=[^ ]*$)/, ' or ');
}

/** `spec.url in body should match …` without the field that was named already. */
function withoutField(message: string, field: string): string {
  return message.replace(`${field} in body `, 'it ').replace(/^Invalid value: /, '');
}

/** The allowed value that a wrong one was probably meant to be. */
export function nearestChoice(value: JsonValue | undefined, expected: readonly JsonValue[]) {
  const texts = expected.filter((item) => typeof item === 'string');
  return typeof value === 'string' ? nearestName(value, texts) : undefined;
}
