# syntax=docker/dockerfile:1

# The image of the service, for a PostgreSQL of your own: docker build -t modelgate .
# The first stage builds and packs it, the second one has the package, without what it was built with.

FROM node:24-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm pack --pack-destination /tmp && mv /tmp/modelgate-*.tgz /tmp/modelgate.tgz

FROM node:24-slim
COPY --from=build /tmp/modelgate.tgz /tmp/modelgate.tgz
# Its only dependency is optional, the binaries of the embedded PostgreSQL: 60 MB, which npm installs with --global all the same
# (npm/cli#8284).
RUN npm install --global --omit=optional --ignore-scripts /tmp/modelgate.tgz \
  && rm -rf "$(npm root --global)/modelgate/node_modules" /tmp/modelgate.tgz /root/.npm

ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000
EXPOSE 4000
USER node
WORKDIR /home/node
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/ready').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["modelgate"]
CMD ["serve"]
