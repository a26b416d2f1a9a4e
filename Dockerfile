# The program, and nothing else that is not needed to run it.
FROM rust:1.95-slim-bookworm AS build
RUN apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN cargo build --release --locked --bin strongroom && cp target/release/strongroom /strongroom

FROM debian:bookworm-slim
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 strongroom && useradd --uid 10001 --gid strongroom --no-create-home strongroom \
    && install --directory --owner=strongroom --group=strongroom --mode=0700 /data /setup
COPY --from=build /strongroom /usr/local/bin/strongroom
RUN ln -s strongroom /usr/local/bin/vault
USER strongroom
EXPOSE 8200
ENTRYPOINT ["strongroom"]
CMD ["server", "-config=/etc/strongroom/server.hcl"]
