import type { Plugin } from 'graphql-yoga';
import type { AssetFolder } from '../../assets/asset-folder.ts';

/** Serves the static files of pages. Those of another version of the service are not found. */
export function useAssets(folders: readonly AssetFolder[]): Plugin {
  return {
    async onRequest({ request: { method, headers }, url: { pathname }, endResponse }) {
      if (!pathname.startsWith('/assets/') || (method !== 'GET' && method !== 'HEAD')) return;
      for (const folder of folders) {
        const answer = await folder.answer(pathname, headers.get('accept-encoding'));
        if (answer) return endResponse(answer);
      }
    },
  };
}
