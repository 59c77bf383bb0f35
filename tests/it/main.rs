//! All tests of the house in one binary. Folders mirror `src`; `support` has the world they run in.

mod api;
mod approval;
mod attachment;
mod audit;
mod capacity;
mod cli;
mod config;
mod copy;
mod demo;
mod directory;
mod exchange;
mod graphql;
mod house;
mod http;
mod identity;
mod message;
mod notify;
mod platform;
mod request;
mod rules;
mod search;
mod support;
mod webhook;
