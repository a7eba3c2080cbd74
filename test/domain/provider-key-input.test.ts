import { describe, expect, it } from 'vitest';
import { keySecret } from '../../src/domain/keys/provider-key-input.ts';

const faultOf = (secret: string) => keySecret.safeParse(secret).error?.issues[0]?.message;
const letters = (count: number) => 'aB3dE5gH7jK9mN2pQ4sT6vW8yZ1cF0xU'.repeat(10).slice(0, count);

describe('the secret of a provider key', () => {
  it.each([
    ...[
      'undefined',
      'null',
      'None',
      'NaN',
      '[object Object]',
      'TODO',
      'changeme',
      'CHANGE_ME',
      'replace-me',
      'placeholder',
    ],
    ...[
      '$OPENAI_API_KEY',
      `\${OPENAI_API_KEY}`,
      '$(cat /run/secrets/key)',
      `sk-\${KEY}`,
      '{{ openai_api_key }}',
      '{{KEY}}',
    ],
    ...[
      '{api_key}',
      '<your key>',
      '<YOUR_API_KEY>',
      'sk-<key>',
      '%OPENAI_API_KEY%',
      '__API_KEY__',
      '#{ApiKey}#',
      '@KEY@',
    ],
    ...[
      '[your-api-key]',
      'your-api-key',
      'your_openai_api_key_here',
      'sk-your-key-here',
      'sk-ant-your-key',
      'INSERT KEY HERE',
    ],
    ...[
      'sk-xxxxxxxxxxxxxxxx',
      'XXXXXXXXXXXX',
      'OPENAI_API_KEY',
      'process.env.OPENAI_API_KEY',
      'os.environ["OPENAI_API_KEY"]',
    ],
    ...[
      'secrets.OPENAI_API_KEY',
      'op://vault/openai/key',
      'https://platform.openai.com/api-keys',
      'arn:aws:secretsmanager:x',
    ],
  ])('is no placeholder: %s', (secret) => {
    expect(faultOf(secret)).toBe('looks like a placeholder; give the key itself');
  });

  it.each(['"', "'", '`'])('is not in quotes: %s', (quote) => {
    for (const secret of [`${quote}sk-1234567890${quote}`, `${quote}sk-1234567890`, `sk-1234567890${quote}`, quote]) {
      expect(faultOf(secret)).toBe('is in quotes; give the key without them');
    }
    expect(faultOf('“sk-1234567890”')).toBe('is in quotes; give the key without them');
  });

  it.each([
    ...[
      'Bearer sk-1234567890',
      'bearer\tsk-1234567890',
      'Authorization: Bearer sk-1234567890',
      'x-api-key:sk-1234567890',
    ],
    ...['OPENAI_API_KEY=sk-1234567890', 'export OPENAI_API_KEY=sk-1234567890'],
  ])('stands alone: %s', (secret) => {
    expect(faultOf(secret)).toBe('must be the key alone, without the header or variable that it is the value of');
  });

  it.each([
    ['openai', `sk-${letters(48)}`],
    ['openai, of a project', `sk-proj-${letters(40)}_${letters(33)}-T3BlbkFJ${letters(74)}`],
    ['openai, of a service account', `sk-svcacct-${letters(30)}--${letters(60)}`],
    ['anthropic', `sk-ant-api03-${letters(80)}-_${letters(11)}AA`],
    ['google', `AIzaSy${letters(33)}`],
    ['google, of late', `AQ.Ab8${letters(47)}`],
    ['google, of a service account', `{"type":"service_account","private_key":"-----BEGIN\\n${letters(99)}=="}`],
    ['mistral', letters(32)],
    ['mistral, without digits', 'putAbCdEfGhIjKlMnOpQrStUvWxYzAbC'],
    ['cohere', letters(40)],
    ['aitronos', `ak_${letters(40)}`],
    ['of base64', `${letters(43)}=`],
    ['in capitals, of base64', 'ABCDEFGHIJKLMNOP2345=='],
    ['of a UUID', '3F2504E0-4F89-41D3-9A0C-0305E82C3301'],
    ['that holds a word', 'sk-null-undefined-changeme-1234'],
  ])('of %s passes', (_provider, secret) => {
    expect(faultOf(secret)).toBe(undefined);
  });
});
