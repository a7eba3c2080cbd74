# Runs the Worker on a machine of your own: workerd serve workerd.capnp. On Cloudflare: wrangler.toml.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "gateway", worker = .gateway),
    # By default a Worker cannot reach addresses of this machine or of a private network.
    (name = "network", network = (allow = ["public", "private"], tlsOptions = (trustBrowserCas = true))),
  ],
  sockets = [(name = "http", address = "127.0.0.1:8787", http = (), service = "gateway")],
);

const gateway :Workerd.Worker = (
  modules = [
    (name = "cloudflare-worker/worker.js", esModule = embed "worker.js"),
    (name = "ask.js", esModule = embed "../ask.js"),
  ],
  bindings = [
    (name = "MODELGATE_URL", fromEnvironment = "MODELGATE_URL"),
    (name = "MODELGATE_API_KEY", fromEnvironment = "MODELGATE_API_KEY"),
    (name = "MODELGATE_ORGANIZATION_ID", fromEnvironment = "MODELGATE_ORGANIZATION_ID"),
    (name = "MODELGATE_TIMEOUT_MS", fromEnvironment = "MODELGATE_TIMEOUT_MS"),
    (name = "MODELGATE_CACHE_MS", fromEnvironment = "MODELGATE_CACHE_MS"),
    (name = "PROVIDER", fromEnvironment = "PROVIDER"),
    (name = "PROVIDER_URL", fromEnvironment = "PROVIDER_URL"),
    (name = "PROVIDER_API_KEY", fromEnvironment = "PROVIDER_API_KEY"),
    (name = "CALLERS", fromEnvironment = "CALLERS"),
  ],
  compatibilityDate = "2026-11-01",
  globalOutbound = "network",
);
