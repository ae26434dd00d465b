namespace ControlPlane.Web.Ui;

/// <summary>Every icon of the product; 16 x 16, drawn with the current colour.</summary>
public enum IconName
{
    Dot, Health, Requests, WhatNow, Edges, Features, Endpoints, Providers, Breakers, Callers, Prices, Publish, Revisions, Cost, Access, Audit, Jobs,
    Closed, Partial, Open, Isolated, Quota, NoTraffic,
    Warning, Error, Info, Check, Pause, Play, ChevronDown, ChevronUp, Search, Clock, Theme, Table, Copy, Close, Plus, Trash, Edit,
}
