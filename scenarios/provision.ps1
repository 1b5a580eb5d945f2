& (Join-Path $PSScriptRoot 'command.ps1') provision @args; exit $LASTEXITCODE
