// X.509 certificates for servers and clients of tests, written with node:crypto alone: an openssl program is not on
// every machine. Only what a loopback server needs: version 3, P-256 keys, RFC 5280 fields in DER.
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

const day = 86_400_000;
const ecdsaWithSha256 = '1.2.840.10045.4.3.2';
const usages = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' };

/** A certificate authority: `cert` (PEM) and `issue`. */
export function certificateAuthority(name = 'test-ca') {
  const subject = distinguishedName({ name });
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const extensions = [
    extension('2.5.29.19', sequence(boolean(true))),
    // keyCertSign and cRLSign
    extension('2.5.29.15', Buffer.from([0x03, 0x02, 0x01, 0x06])),
    extension('2.5.29.14', octets(keyId(keys.publicKey)), false),
  ];
  const dates = validity({});
  const own = { subject, issuer: subject, publicKey: keys.publicKey, dates, extensions };
  const cert = pem(signed(own, keys.privateKey));
  return {
    cert,
    /**
     * `{ cert, key }` in PEM. `organization` becomes a group in Kubernetes; the times are milliseconds from now;
     * `addresses` are what a server is reached by: 127.0.0.1, ::1 and localhost unless told.
     */
    issue({ name: common, organization, usage = 'server', addresses, from, until }) {
      const leaf = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const body = {
        subject: distinguishedName({ name: common, organization }),
        issuer: subject,
        publicKey: leaf.publicKey,
        dates: validity({ from, until }),
        extensions: [
          // digitalSignature
          extension('2.5.29.15', Buffer.from([0x03, 0x02, 0x07, 0x80])),
          extension('2.5.29.37', sequence(objectId(usages[usage])), false),
          extension('2.5.29.35', sequence(tagged(0x80, keyId(keys.publicKey))), false),
          ...(usage === 'server' ? [alternativeNames(addresses)] : []),
        ],
      };
      return {
        cert: pem(signed(body, keys.privateKey)),
        key: leaf.privateKey.export({ type: 'pkcs8', format: 'pem' }),
      };
    },
  };
}

function signed({ subject, issuer, publicKey, dates, extensions }, key) {
  const algorithm = sequence(objectId(ecdsaWithSha256));
  // The first octet keeps the number positive and free of leading zeros.
  const serial = tagged(0x02, Buffer.concat([Buffer.from([0x01]), randomBytes(15)]));
  const body = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    serial,
    algorithm,
    issuer,
    dates,
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', body, key);
  return sequence(body, algorithm, tagged(0x03, Buffer.concat([Buffer.from([0]), signature])));
}

function distinguishedName({ name, organization }) {
  const part = (id, text) =>
    tagged(0x31, sequence(objectId(id), tagged(0x0c, Buffer.from(text, 'utf8'))));
  const parts = [part('2.5.4.3', name)];
  if (organization !== undefined) parts.unshift(part('2.5.4.10', organization));
  return sequence(...parts);
}

function validity({ from = -day, until = 30 * day }) {
  const now = Date.now();
  return sequence(...[from, until].map((offset) => utcTime(new Date(now + offset))));
}

/** Two digits of the year: good until 2050. */
function utcTime(date) {
  const text = `${date.toISOString().slice(2, 19).replaceAll(/[-:T]/g, '')}Z`;
  return tagged(0x17, Buffer.from(text, 'ascii'));
}

function alternativeNames(addresses = ['127.0.0.1', '::1', 'localhost']) {
  const names = addresses.map((address) => {
    if (address === '::1') return tagged(0x87, Buffer.from([...Array(15).fill(0), 1]));
    if (/^[\d.]+$/.test(address)) return tagged(0x87, Buffer.from(address.split('.').map(Number)));
    return tagged(0x82, Buffer.from(address, 'ascii'));
  });
  return extension('2.5.29.17', sequence(...names), false);
}

function extension(id, value, isCritical = true) {
  return sequence(objectId(id), ...(isCritical ? [boolean(true)] : []), octets(value));
}

function keyId(publicKey) {
  return createHash('sha1')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest();
}

function sequence(...parts) {
  return tagged(0x30, Buffer.concat(parts));
}

function octets(value) {
  return tagged(0x04, value);
}

function boolean(value) {
  return tagged(0x01, Buffer.from([value ? 0xff : 0]));
}

function objectId(text) {
  const [first, second, ...rest] = text.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const number of rest) {
    const groups = [];
    for (let left = number; groups.length === 0 || left > 0; left = Math.floor(left / 128)) {
      groups.unshift((left % 128) + (groups.length === 0 ? 0 : 128));
    }
    bytes.push(...groups);
  }
  return tagged(0x06, Buffer.from(bytes));
}

function tagged(tag, content) {
  const length = [];
  if (content.length < 128) length.push(content.length);
  else {
    for (let left = content.length; left > 0; left = Math.floor(left / 256)) {
      length.unshift(left % 256);
    }
    length.unshift(0x80 + length.length);
  }
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

function pem(der) {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
