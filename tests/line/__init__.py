"""The whole line on real parts: AWS stand-in, Redis, slack-bolt over the sandbox's sockets."""
