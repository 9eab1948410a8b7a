const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** The name of the (Cluster)ResourceBinding of a template (`pkg/util/names/names.go`, `GenerateBindingName`). */
export function bindingName(kind: string, name: string): string {
  return `${name.replaceAll(':', '.')}-${kind}`.toLowerCase();
}

/** The name of the Work of a manifest (`GenerateWorkName`); the namespace is empty for a cluster-scoped one. */
export function workName(kind: string, name: string, namespace: string): string {
  const lowered = name.replaceAll(':', '.').toLowerCase();
  const owner = namespace === '' ? '' : `${namespace}-`;
  const hash = fnv1a(`${owner}${lowered}-${kind}`.toLowerCase());
  return `${lowered}-${safeEncode(String(hash))}`;
}

/** The namespace of a cluster's Works in the control plane. */
export function executionNamespace(cluster: string): string {
  return `karmada-es-${cluster}`;
}

/** FNV-1a, 32 bits, over the UTF-8 bytes of a text. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text.toWellFormed()) {
    for (const byte of utf8Bytes(character.codePointAt(0) ?? 0)) {
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
  }
  return hash >>> 0;
}

function utf8Bytes(code: number): readonly number[] {
  if (code < 0x80) return [code];
  if (code < 0x800) return [0xc0 | (code >> 6), 0x80 | (code & 0x3f)];
  const tail = [0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)];
  if (code < 0x10000) return [0xe0 | (code >> 12), ...tail];
  return [0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f), ...tail];
}

/** Digits as apimachinery's `rand.SafeEncodeString` spells them. */
function safeEncode(digits: string): string {
  return Array.from(digits)
    .map((digit) => alphabet.charAt(digit.charCodeAt(0) % alphabet.length))
    .join('');
}
