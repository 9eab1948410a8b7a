import { resolvesToString } from './goYamlResolve.ts';

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal';

const breaks = /[\n\r\u0085\u2028\u2029]/;
/** What go-yaml v2 prints as it is: nothing above U+FFFF, no tab and no byte order mark. */
const unprintable = /[^\n\u0020-\u007e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;
const spaceBeforeBreak = / [\n\r\u0085\u2028\u2029]/;
const spaceAfterBreak = /[\n\r\u0085\u2028\u2029] /;

/** Whether a scalar has a line break of any kind; such a key needs a line of its own. */
export function isMultiline(text: string): boolean {
  return breaks.test(text);
}

/**
 * How go-yaml v2 writes a string (`stringv` of `encode.go`, then `yaml_emitter_analyze_scalar` and
 * `yaml_emitter_select_scalar_style` of `emitterc.go`).
 */
export function scalarStyle(text: string, isSimpleKey: boolean): ScalarStyle {
  const special = unprintable.test(text) || spaceBeforeBreak.test(text);
  if (text.includes('\n')) {
    return special || text.endsWith(' ') || isSimpleKey ? 'double' : 'literal';
  }
  if (special || !resolvesToString(text)) return 'double';
  if (isPlainAllowed(text)) return 'plain';
  return spaceAfterBreak.test(text) || (isSimpleKey && breaks.test(text)) ? 'double' : 'single';
}

function isPlainAllowed(text: string): boolean {
  if (/^(?:---|\.\.\.)/.test(text) || /^[#,[\]{}&*!|>'"%@`]/.test(text)) return false;
  if (/^[-?:](?:[ \t]|$)/.test(text) || /:(?:[ \t]|$)/.test(text)) return false;
  if (text.startsWith(' ') || text.endsWith(' ')) return false;
  return !breaks.test(text) && !/[ \t]#/.test(text);
}

const escapes: Readonly<Record<number, string>> = {
  0x00: '0',
  0x07: 'a',
  0x08: 'b',
  0x09: 't',
  0x0a: 'n',
  0x0b: 'v',
  0x0c: 'f',
  0x0d: 'r',
  0x1b: 'e',
  0x22: '"',
  0x5c: '\\',
  0x85: 'N',
  0xa0: '_',
  0x2028: 'L',
  0x2029: 'P',
};

/** A character inside double quotes; `all` escapes even letters, as after a leading byte order mark. */
export function escapeInDoubleQuotes(character: string, all: boolean): string {
  const needed =
    all ||
    unprintable.test(character) ||
    breaks.test(character) ||
    character === '"' ||
    character === '\\';
  if (!needed) return character;
  const code = character.codePointAt(0) ?? 0;
  const short = escapes[code];
  if (short !== undefined) return `\\${short}`;
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
