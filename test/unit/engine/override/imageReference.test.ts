import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  editImage,
  parseImage,
  printImage,
  type ImageComponent,
} from '../../../../src/engine/override/imageReference.ts';

const hex = 'a'.repeat(64);

function parts(image: string): string {
  const parsed = parseImage(image);
  if ('error' in parsed) return `! ${parsed.error}`;
  const { hostname, repository, tag, digest } = parsed.value;
  return [hostname, repository, tag, digest].join('|');
}

test('takes images apart', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['nginx', '|nginx||'],
    ['library/nginx:1', '|library/nginx|1|'],
    ['host:80', '|host|80|'],
    ['localhost/a', 'localhost|a||'],
    ['HOST/a', '|HOST/a||'],
    ['My.Reg/a/b:1', 'My.Reg|a/b|1|'],
    ['[::1]:5000/a', '[::1]:5000|a||'],
    ['r.io:5000/a__b/c--d:v1', 'r.io:5000|a__b/c--d|v1|'],
    [`a@sha256:${hex}`, `|a||sha256:${hex}`],
    [`a:1@sha256:${hex}`, '|a|1|'],
    ['', '! repository name must have at least one component'],
    ['Nginx:1', '! repository name must be lowercase'],
    ['a//b', '! invalid reference format'],
    ['a___b', '! invalid reference format'],
    ['a:', '! invalid reference format'],
    ['a:1:2', '! invalid reference format'],
    [`a:${'x'.repeat(129)}`, '! invalid reference format'],
    ['a'.repeat(256), '! repository name must not be more than 255 characters'],
    [`a@md5:${'a'.repeat(32)}`, '! unsupported digest algorithm'],
    [`a@sha256:${'a'.repeat(63)}`, '! invalid checksum digest length'],
    [`a@sha256:${'A'.repeat(64)}`, '! invalid checksum digest format'],
    [`a@SHA256:${hex}`, '! invalid checksum digest format'],
  ];
  for (const [image, expected] of cases) assert.equal(parts(image), expected, image);
});

test('edits one part', () => {
  const cases: readonly (readonly [string, ImageComponent, string, string, string])[] = [
    ['ghcr.io/a/b:1', 'Registry', 'add', '-mirror', 'ghcr.io-mirror/a/b:1'],
    ['nginx:1', 'Registry', 'replace', 'r.io', 'r.io/nginx:1'],
    ['library/nginx', 'Registry', 'remove', '', 'library/nginx'],
    ['r.io/a:1', 'Registry', 'remove', '', 'a:1'],
    ['r.io/a:1', 'Repository', 'remove', '', 'r.io/:1'],
    ['r.io/a:1', 'Repository', 'add', '-x', 'r.io/a-x:1'],
    ['a:1', 'Tag', 'add', '-x', 'a:1-x'],
    ['a', 'Tag', 'replace', 'v2', 'a:v2'],
    ['a:1', 'Tag', 'replace', 'v1+b', 'a:1'],
    ['a:1', 'Tag', 'replace', `@sha256:${hex}`, 'a:1'],
    ['a:1', 'Tag', 'replace', `sha256:${hex}`, `a@sha256:${hex}`],
    ['a:1', 'Tag', 'remove', '', 'a'],
    [`a@sha256:${hex}`, 'Tag', 'remove', '', 'a'],
    [`a@sha256:${hex}`, 'Tag', 'replace', 'v2', 'a:v2'],
  ];
  for (const [image, component, operator, value, expected] of cases) {
    const parsed = parseImage(image);
    assert.ok('value' in parsed, image);
    assert.equal(printImage(editImage(parsed.value, component, operator, value)), expected);
  }
});

test('prints back what it read, and reads any text without throwing', () => {
  const pieces = fc.array(
    fc.constantFrom('a', 'b1', '.', '/', ':', '@', '-', '_', '__', 'R.io', '5000', `sha256:${hex}`),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(pieces, (all) => {
      const image = all.join('');
      const parsed = parseImage(image);
      if ('error' in parsed) return;
      const printed = printImage(parsed.value);
      assert.equal(printed, parsed.value.tag === '' ? image : image.replace(/@.*/, ''));
    }),
    { numRuns: 2000 },
  );
});
