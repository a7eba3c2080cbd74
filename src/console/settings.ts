/** What the page that loads the console says of the service: `src/server/pages/console.ts` writes it. */
interface Settings {
  /** How users sign in: as personas of the demo world, at the issuer, or with a token that they paste. */
  signIn: 'personas' | 'issuer' | 'paste';
  /** The path of the scripts that sign in at the issuer. */
  signInModules: string;
  hasGraphiql: boolean;
  /** Whether documents are sent by their ids: then the service may refuse texts. */
  isPersisted: boolean;
}

export const settings: Settings = JSON.parse(document.querySelector('#settings')?.textContent ?? '{}');
