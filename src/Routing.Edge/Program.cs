using Routing.Edge;

// Process-wide and read before the first socket: a completion runs on the thread that polled the socket, without a hop.
// Every loop of ours leaves that thread before it computes (see ControlPlaneClient).
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");

return await EdgeSetup.RunAloneAsync(args).ConfigureAwait(false);
