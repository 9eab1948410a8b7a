import assert from 'node:assert/strict';
import { test } from 'node:test';
import { patchJsonText } from '../../../../src/engine/override/jsonText.ts';

function patched(
  text: string,
  op: string,
  path: string,
  value: null | number | object | string = null,
) {
  const result = patchJsonText(text, [{ op, path, value: value as never }]);
  return 'error' in result ? `! ${result.error}` : result.value;
}

test('prints what it does not touch as it was written', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['{"z":1.0, "a" : [1e3, -0 ]}', '{"z":1.0,"a":[1e3,-0],"new":1}'],
    ['{"s":"\\u00e9\\/","t":"a<b"}', '{"s":"\\u00e9\\/","t":"a\\u003cb","new":1}'],
    ['{"s":"a \\" , ] } b"}', '{"s":"a \\" , ] } b","new":1}'],
    ['{"k":1,"k":2}', '{"k":2,"k":2,"new":1}'],
    [' {"l":"\u2028"} ', '{"l":"\\u2028","new":1}'],
    ['{"\\u0041\\/":1}', '{"A/":1,"new":1}'],
    ['{"10":1,"9":1}', '{"10":1,"9":1,"new":1}'],
    ['{"__proto__":1}', '{"__proto__":1,"new":1}'],
  ];
  for (const [before, after] of cases) assert.equal(patched(before, 'add', '/new', 1), after);
});

test('edits inside', () => {
  assert.equal(
    patched('{"a":{"z":1,"b":2}}', 'replace', '/a/z', { y: 1, x: '<' }),
    '{"a":{"z":{"x":"\\u003c","y":1},"b":2}}',
  );
  assert.equal(patched('{"a":1}', 'remove', '/a'), '{}');
  assert.equal(patched('[1, 2]', 'add', '/-', 3), '[1,2,3]');
  assert.equal(patched('{"a":1,"a":2}', 'remove', '/a'), '{"a":null}');
  assert.equal(patched('null', 'add', '', { a: 1 }), '{"a":1}');
  assert.equal(patched('', 'remove', '/no'), '');
  assert.equal(patched('{"a":1}', 'replace', ''), 'null');
});

test('fails in the words of the library', () => {
  const cannot = (type: string) =>
    `! json: cannot unmarshal ${type} into Go value of type map[string]*jsonpatch.lazyNode`;
  assert.equal(patched('{} x', 'add', '/a'), '! invalid state detected');
  assert.equal(patched('\ufeff{}', 'add', '/a'), '! invalid state detected');
  assert.equal(patched('"x"', 'add', '/a'), cannot('string'));
  assert.equal(patched('1', 'add', ''), cannot('number'));
  assert.equal(patched(' [1]', 'add', '/a'), cannot('array'));
  assert.equal(
    patched(' null', 'add', '/a'),
    "! error in add for path: '/a': invalid value, expected object",
  );
});
